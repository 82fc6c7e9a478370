import { describe, expect, test } from 'vitest';
import { dateInterval } from './date-interval.ts';

function iso(text: string): [string, string] | undefined {
  const interval = dateInterval(text);
  return interval && [new Date(interval.lo).toISOString(), new Date(interval.hi).toISOString()];
}

describe('a date is the whole time that it tells', () => {
  test.each([
    ['2026', '2026-01-01T00:00:00.000Z', '2026-12-31T23:59:59.999Z'],
    ['2024-02', '2024-02-01T00:00:00.000Z', '2024-02-29T23:59:59.999Z'],
    ['2026-12-31', '2026-12-31T00:00:00.000Z', '2026-12-31T23:59:59.999Z'],
    ['0033-04-03', '0033-04-03T00:00:00.000Z', '0033-04-03T23:59:59.999Z'],
    ['2026-03-02T08:00', '2026-03-02T08:00:00.000Z', '2026-03-02T08:00:59.999Z'],
    ['2026-03-02T08:00:01', '2026-03-02T08:00:01.000Z', '2026-03-02T08:00:01.999Z'],
    ['2026-03-01T00:30:00+01:00', '2026-02-28T23:30:00.000Z', '2026-02-28T23:30:00.999Z'],
    ['2026-03-02T08:00:00.5-05:30', '2026-03-02T13:30:00.500Z', '2026-03-02T13:30:00.500Z'],
    ['2026-03-02T08:00:00.123456Z', '2026-03-02T08:00:00.123Z', '2026-03-02T08:00:00.123Z'],
  ])('%s', (text, lo, hi) => {
    expect(iso(text)).toEqual([lo, hi]);
  });
});

describe('what is not a date has no interval', () => {
  test.each([
    '',
    '26',
    '2026-13',
    '2026-02-29',
    '2026-04-31',
    '2026-3-1',
    '2026-03-02T',
    '2026-03-02T24:00:00Z',
    '2026-03-02T08:00:00.Z',
    '2026-03-02T08:00:00+15:00',
    '2026-03-02T08:00:00Zz',
    '2026/03/02',
    'yesterday!',
  ])('%j', (text) => {
    expect(dateInterval(text)).toBeUndefined();
  });
});
