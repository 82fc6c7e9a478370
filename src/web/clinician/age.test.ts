import { expect, test } from 'vitest';
import { ageOf, dayHere } from './age.ts';
import { dayText } from './day-text.ts';

test.each([
  ['2026-11-12', 56],
  ['2026-11-13', 57],
  ['2027-01-01', 57],
])('on %s somebody born on 13 November 1969 is %i', (today, age) => {
  expect(ageOf({ birthDate: '1969-11-13' }, today)).toBe(age);
});

test('of a birth year alone the age is told by years', () => {
  expect(ageOf({ birthDate: '1969' }, '2026-06-01')).toBe(57);
  expect(ageOf({}, '2026-06-01')).toBeUndefined();
});

test('a day is the one of the calendar on the wall', () => {
  expect(dayHere(new Date(2026, 2, 1, 0, 30))).toBe('2026-03-01');
  expect(dayHere(new Date(2026, 2, 1, 23, 30))).toBe('2026-03-01');
});

test('of a date that lacks its day or month no first of January is made', () => {
  expect(['1969-11-13', '1969-11', '1969'].map((date) => dayText(date, 'nb-NO'))).toEqual([
    ...['13.11.1969', 'november 1969', '1969'],
  ]);
});
