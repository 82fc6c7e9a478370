import { expect, test } from 'vitest';
import { bornOf } from './born.ts';
import { syntheticNationalNumber } from './synthetic/national-number.ts';

test.each([
  [1969, 11, 13],
  [1900, 1, 1],
  [2010, 2, 28],
  [2039, 12, 31],
])('a number of somebody born in %i tells the date', (year, month, day) => {
  const number = syntheticNationalNumber({ year, month, day }, 'female', 3);
  const two = (value: number) => String(value).padStart(2, '0');
  expect(bornOf(number)).toBe(`${year}-${two(month)}-${two(day)}`);
});

test.each([
  ['a D-number', '53816900065', '1969-01-13'],
  ['a number that would be of the century before last', '70019950032', undefined],
  ['a number of the kind of 2032, which tells no century', '30108299939', undefined],
  ['no number', '88888888831', undefined],
  ['none', undefined, undefined],
])('%s', (_what, number, born) => {
  expect(bornOf(number)).toBe(born);
});
