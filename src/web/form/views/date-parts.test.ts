import { expect, test } from 'vitest';
import { dateOf, dateText, dateTimeOf, NO_DATE, partsOf, partsOfText, timeOf } from './date-parts.ts';

const parts = (day: string, month: string, year: string) => ({ day, month, year });

test('three fields are a date only if that day exists', () => {
  expect(dateOf(parts('5', '3', '2026'), false)).toBe('2026-03-05');
  expect(dateOf(parts(' 05 ', '03', '2026'), false)).toBe('2026-03-05');
  expect(dateOf(parts('29', '2', '2028'), false)).toBe('2028-02-29');
  for (const wrong of [
    parts('31', '4', '2026'),
    parts('29', '2', '2026'),
    parts('0', '3', '2026'),
    parts('5', '13', '2026'),
    parts('5', '3', '26'),
    parts('5', '', '2026'),
    parts('x', '3', '2026'),
  ])
    expect(dateOf(wrong, true), JSON.stringify(wrong)).toBeUndefined();
  expect(dateOf(NO_DATE, false)).toBe('none');
});

test('a month or a year alone is an answer only where that is permitted', () => {
  expect(dateOf(parts('', '3', '2026'), true)).toBe('2026-03');
  expect(dateOf(parts('', '', '1987'), true)).toBe('1987');
  expect(dateOf(parts('', '3', '2026'), false)).toBeUndefined();
  expect(dateOf(parts('', '', '1987'), false)).toBeUndefined();
});

test('a date that is stored comes back as it was', () => {
  for (const date of ['2026-03-05', '2026-12-31', '2026-03', '1987']) expect(dateOf(partsOf(date), true)).toBe(date);
  expect(partsOf(undefined)).toEqual(NO_DATE);
});

test('a whole date may be typed or pasted at one place', () => {
  for (const text of ['5.3.2026', '05.03.2026', '5/3/2026', '5-3-2026', '05032026', '2026-03-05'])
    expect(dateOf(partsOfText(text) ?? NO_DATE, false), text).toBe('2026-03-05');
  for (const text of ['5', '5.3', '5.3.26', '2026', 'i går']) expect(partsOfText(text), text).toBeUndefined();
});

test('a time is read as people write it', () => {
  for (const text of ['930', '9.30', '09:30', ' 0930 ']) expect(timeOf(text), text).toBe('09:30:00');
  expect(timeOf('9')).toBe('09:00:00');
  expect(timeOf('23')).toBe('23:00:00');
  for (const text of ['24:00', '9.60', '', 'ni', '12345']) expect(timeOf(text), text).toBeUndefined();
});

test('a day and a time are that moment by the clock of the device', () => {
  for (const day of ['2026-01-05', '2026-07-05']) {
    const moment = new Date(dateTimeOf(day, '09:30:00'));
    expect([moment.getHours(), moment.getMinutes(), moment.getDate()]).toEqual([9, 30, 5]);
  }
});

test('dates are told day first', () => {
  expect(['2026-03-05', '2026-03', '2026-03-05T09:30:00+01:00', '14:30:00'].map(dateText)).toEqual([
    '5.3.2026',
    '3.2026',
    '5.3.2026 09:30',
    '14:30',
  ]);
});
