import { expect, it } from 'vitest';
import { exact, roundTo } from './rounding.ts';

it.each([
  [1.005, 2, 1.01],
  [-1.005, 2, -1.01],
  [2.5, 0, 3],
  [-0.45, 1, -0.5],
  [0.7459410000000001, 4, 0.7459],
  [1e-9, 2, 0],
  [-0.004, 2, 0],
  [41.25, 1, 41.3],
])('%d to %i decimals is %d', (value, decimals, rounded) => {
  expect(Object.is(roundTo(value, decimals), rounded)).toBe(true);
});

it('what binary addition leaves behind is taken away', () => {
  expect(exact(0.1 + 0.2)).toBe(0.3);
  expect(exact(1 - 0.9)).toBe(0.1);
});
