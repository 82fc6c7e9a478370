import { beforeEach, expect, test } from 'vitest';
import { remembered } from './remembered.ts';

let now: number;
let asked: string[];

beforeEach(() => {
  now = 1_000_000;
  asked = [];
});

async function answer(key: string): Promise<string> {
  asked.push(key);
  if (key === 'fails') throw new Error(key);
  return key.toUpperCase();
}

test('an answer is remembered for a while, also for who asks meanwhile, and no longer when the clock is set back', async () => {
  const ask = remembered(answer, { ms: 100, now: () => now });
  expect(await Promise.all([ask('a'), ask('a')])).toEqual(['A', 'A']);
  now += 99;
  await ask('a');
  expect(asked).toEqual(['a']);
  now += 1;
  await ask('a');
  expect(asked).toEqual(['a', 'a']);
  now -= 50;
  await ask('a');
  expect(asked).toEqual(['a', 'a', 'a']);
});

test('a failure is not remembered, nor what was forgotten, nor what held for another state', async () => {
  let state = 1;
  const ask = remembered(answer, { ms: 100, now: () => now, state: () => state });
  await expect(ask('fails')).rejects.toThrow('fails');
  await expect(ask('fails')).rejects.toThrow('fails');
  await ask('a');
  ask.forget('a');
  await ask('a');
  state = 2;
  await ask('a');
  expect(asked).toEqual(['fails', 'fails', 'a', 'a', 'a']);
});

test('no more than so many are remembered: the oldest go first', async () => {
  const ask = remembered(answer, { ms: 100, max: 2, now: () => now });
  for (const key of ['a', 'b', 'c', 'b', 'c', 'a']) await ask(key);
  expect(asked).toEqual(['a', 'b', 'c', 'a']);
});
