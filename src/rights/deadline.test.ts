import { expect, test } from 'vitest';
import { deadline, extendedDeadline } from './deadline.ts';

const day = (received: string, zone = 'Europe/Oslo') => deadline(new Date(received), zone).toISOString();

test('a request is answered by the end of the same day of the next month, in the zone of the registry', () => {
  expect(day('2026-03-05T09:00:00+01:00')).toBe('2026-04-05T21:59:59.000Z'); // summer time has begun
  expect(day('2026-11-05T00:30:00+01:00')).toBe('2026-12-05T22:59:59.000Z'); // in UTC it came on the 4th
  expect(day('2026-11-05T00:30:00+01:00', 'UTC')).toBe('2026-12-04T23:59:59.000Z');
});

test('a month that is shorter ends the time on its last day', () => {
  expect(day('2026-01-31T12:00:00+01:00')).toBe('2026-02-28T22:59:59.000Z');
  expect(day('2028-01-30T12:00:00+01:00')).toBe('2028-02-29T22:59:59.000Z');
  expect(day('2026-08-31T12:00:00+02:00')).toBe('2026-09-30T21:59:59.000Z');
});

test('extended, it is three months from receipt, counted from the day of receipt and not month by month', () => {
  const extended = extendedDeadline(new Date('2026-01-31T12:00:00+01:00'), 'Europe/Oslo');
  expect(extended.toISOString()).toBe('2026-04-30T21:59:59.000Z');
});
