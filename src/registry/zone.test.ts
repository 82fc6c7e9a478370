import { describe, expect, it } from 'vitest';
import {
  dateIn,
  dayOf,
  instantOf,
  localOf,
  nextTimeOfDay,
  parseDate,
  parseTime,
  plusDays,
  plusLocalDays,
} from './zone.ts';

const oslo = 'Europe/Oslo';
const halfPastFour = { hour: 16, minute: 30, second: 0 };

describe('clock and calendar of a zone', () => {
  it.each([
    ['2026-03-29T00:59:59Z', 1, 59],
    ['2026-03-29T01:00:00Z', 3, 0],
    ['2026-10-25T00:59:59Z', 2, 59],
    ['2026-10-25T01:00:00Z', 2, 0],
  ])('at %s the clock shows %i:%i', (instant, hour, minute) => {
    expect(localOf(new Date(instant), oslo)).toMatchObject({ hour, minute });
  });

  it.each([
    ['2026-01-15', '2026-01-15T15:30:00.000Z'],
    ['2026-03-28', '2026-03-28T15:30:00.000Z'],
    ['2026-03-29', '2026-03-29T14:30:00.000Z'],
    ['2026-07-15', '2026-07-15T14:30:00.000Z'],
    ['2026-10-24', '2026-10-24T14:30:00.000Z'],
    ['2026-10-25', '2026-10-25T15:30:00.000Z'],
  ])('16:30 on %s is %s', (date, instant) => {
    expect(instantOf(parseDate(date)!, halfPastFour, oslo).toISOString()).toBe(instant);
  });

  it('the calendar turns at the zone’s midnight', () => {
    expect(dateIn(new Date('2026-12-31T22:59:59Z'), oslo)).toBe('2026-12-31');
    expect(dateIn(new Date('2026-12-31T23:00:00Z'), oslo)).toBe('2027-01-01');
  });

  it('a skipped time is taken later, and of a time that comes twice the first', () => {
    const halfPastTwo = { hour: 2, minute: 30, second: 0 };
    expect(instantOf({ year: 2026, month: 3, day: 29 }, halfPastTwo, oslo).toISOString()).toBe(
      '2026-03-29T01:30:00.000Z',
    );
    expect(instantOf({ year: 2026, month: 10, day: 25 }, halfPastTwo, oslo).toISOString()).toBe(
      '2026-10-25T00:30:00.000Z',
    );
  });

  it('agrees with itself: the instant of what the clock shows is the instant, every hour of a year', () => {
    const start = Date.UTC(2026, 0, 1);
    for (let hour = 0; hour < 365 * 24; hour += 1) {
      const instant = new Date(start + hour * 3_600_000);
      const back = instantOf(localOf(instant, oslo), localOf(instant, oslo), oslo);
      const repeated = instant.toISOString() === '2026-10-25T01:00:00.000Z';
      expect(back.getTime()).toBe(instant.getTime() - (repeated ? 3_600_000 : 0));
    }
  });

  it('works in other zones and before 1970', () => {
    expect(instantOf({ year: 2026, month: 1, day: 1 }, halfPastFour, 'Asia/Kolkata').toISOString()).toBe(
      '2026-01-01T11:00:00.000Z',
    );
    expect(instantOf({ year: 1960, month: 1, day: 1 }, halfPastFour, oslo).toISOString()).toBe(
      '1960-01-01T15:30:00.000Z',
    );
  });
});

it('days later the clock shows the same, whatever it did in between', () => {
  expect(plusLocalDays(new Date('2026-03-27T15:30:00.250Z'), 3, oslo).toISOString()).toBe('2026-03-30T14:30:00.250Z');
  expect(plusLocalDays(new Date('2026-10-23T14:30:00Z'), 3, oslo).toISOString()).toBe('2026-10-26T15:30:00.000Z');
  expect(plusDays({ year: 2026, month: 12, day: 31 }, 1)).toEqual({ year: 2027, month: 1, day: 1 });
  expect(plusDays({ year: 2028, month: 3, day: 1 }, -1)).toEqual({ year: 2028, month: 2, day: 29 });
});

it('the next time of day is strictly later', () => {
  expect(nextTimeOfDay(new Date('2026-03-02T15:29:59.999Z'), halfPastFour, oslo).toISOString()).toBe(
    '2026-03-02T15:30:00.000Z',
  );
  expect(nextTimeOfDay(new Date('2026-03-02T15:30:00Z'), halfPastFour, oslo).toISOString()).toBe(
    '2026-03-03T15:30:00.000Z',
  );
  expect(nextTimeOfDay(new Date('2026-03-28T23:30:00Z'), halfPastFour, oslo).toISOString()).toBe(
    '2026-03-29T14:30:00.000Z',
  );
});

it('the day of an instant is that of the calendar of the zone', () => {
  expect(dayOf('2026-11-30T23:30:00Z', oslo)).toBe('2026-12-01');
  expect(dayOf('2026-12-01T00:30:00+01:00', oslo)).toBe('2026-12-01');
  expect(dayOf('2026-12-01', oslo)).toBe('2026-12-01');
  expect(dayOf('2026-12', oslo)).toBe('2026-12');
});

it('reads FHIR dates and times of full precision only', () => {
  expect(parseTime('16:30:00')).toEqual(halfPastFour);
  expect(parseTime('16')).toBeUndefined();
  expect(parseDate('2026-03')).toBeUndefined();
  expect(parseDate('2026-03-02T10:00:00Z')).toBeUndefined();
});
