import { expect, test } from 'vitest';
import { reminderAt } from './reminder-times.ts';

const timeZone = 'Europe/Oslo';

test('a reminder comes at the same time of the day', () => {
  const asked = { now: '2026-03-02T10:30:00Z', until: '2026-03-09T10:00:00Z', timeZone };
  expect(reminderAt(1, asked)).toBe('2026-03-03T10:30:00.000Z');
  expect(reminderAt(3, asked)).toBe('2026-03-05T10:30:00.000Z');
});

test('nobody is reminded at night', () => {
  expect(reminderAt(1, { now: '2026-03-02T02:15:00Z', until: undefined, timeZone })).toBe('2026-03-03T08:15:00.000Z');
  expect(reminderAt(1, { now: '2026-03-02T21:15:00Z', until: undefined, timeZone })).toBe('2026-03-03T18:15:00.000Z');
});

test('there is no reminder when it would be too late to answer', () => {
  expect(reminderAt(3, { now: '2026-03-02T10:30:00Z', until: '2026-03-05T11:00:00Z', timeZone })).toBeUndefined();
});
