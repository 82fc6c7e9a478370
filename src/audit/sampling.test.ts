import { expect, test } from 'vitest';
import { Sampling } from './sampling.ts';

test('all refusals are counted, thirty a minute get a row', () => {
  let now = 0;
  const sampling = new Sampling(() => now);
  const taken = (): number => Array.from({ length: 100 }, () => sampling.takes(401)).filter(Boolean).length;
  expect([taken(), taken()]).toEqual([30, 0]);
  now = 60_000;
  expect(taken()).toBe(30);
  expect(sampling.counts.get(401)).toBe(300);
});
