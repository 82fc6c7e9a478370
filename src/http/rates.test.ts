import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRates, TooManyRequests } from './rates.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('ten seconds of requests may come at once, and not one more', async () => {
  const rates = createRates(2);
  for (let n = 0; n < 20; n += 1) await rates.count('a');
  await expect(rates.count('a')).rejects.toMatchObject({ status: 429, retryAfter: 10 });
  await expect(rates.count('a')).rejects.toBeInstanceOf(TooManyRequests);
});

test('one who sends too much does not slow down another, and may go on later', async () => {
  const rates = createRates(1);
  for (let n = 0; n < 10; n += 1) await rates.count('a');
  await expect(rates.count('a')).rejects.toThrow();
  await rates.count('b');
  vi.advanceTimersByTime(10_001);
  await rates.count('a');
});
