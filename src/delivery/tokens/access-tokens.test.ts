import { expect, test } from 'vitest';
import { KeptToken, readToken } from './access-tokens.ts';

test('a token is kept until ten seconds before it ends, and asked for once by all who wait', async () => {
  let now = Date.UTC(2026, 2, 2);
  let asked = 0;
  const kept = new KeptToken(
    async () => {
      asked += 1;
      return { token: `t${asked}`, seconds: 60 };
    },
    { now: () => new Date(now) },
  );
  expect(await Promise.all([kept.get(), kept.get()])).toEqual(['t1', 't1']);
  now += 49_000;
  expect(await kept.get()).toBe('t1');
  now += 1000;
  expect(await kept.get()).toBe('t2');
});

test('a failure is not kept', async () => {
  let down = true;
  const kept = new KeptToken(
    async () => {
      if (down) throw new Error('down');
      return { token: 't', seconds: 60 };
    },
    { now: () => new Date() },
  );
  await expect(kept.get()).rejects.toThrow('down');
  down = false;
  expect(await kept.get()).toBe('t');
});

test.each([
  ['a refusal', 401, '{"error":"invalid_client"}', /^a token endpoint answered 401$/],
  ['no JSON', 200, 'secret', /^an answer was no JSON$/],
  ['no token', 200, '{"x":"secret"}', /^a token endpoint answered without a token$/],
])('%s is told without a word of the answer', (_what, status, body, message) => {
  expect(() => readToken(status, Buffer.from(body))).toThrow(message);
});
