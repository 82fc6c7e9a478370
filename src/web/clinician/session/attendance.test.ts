import { expect, test } from 'vitest';
import { attendance } from './attendance.ts';

test('a page is attended for a minute after it was opened or touched, in whatever way', () => {
  const listeners = new Map<string, () => void>();
  let now = 5;
  const attended = attendance({ addEventListener: (type, listener) => void listeners.set(type, listener) }, () => now);
  expect(attended()).toBe(true);
  now += 60_000;
  expect(attended()).toBe(false);
  for (const touch of ['keydown', 'pointerdown', 'wheel', 'touchmove', 'input']) {
    listeners.get(touch)?.();
    now += 59_999;
    expect([touch, attended()]).toEqual([touch, true]);
    now += 1;
    expect([touch, attended()]).toEqual([touch, false]);
  }
});
