import { expect, test } from 'vitest';
import { isNationalNumber } from './national-number.ts';

test.each(['13916900281', '27908802255', '15917102837'])('%s is a number with right check digits', (number) => {
  expect(isNationalNumber(number)).toBe(true);
});

test.each(['13916900282', '13916900218', '1391690028', '139169002811', '', 'abcdefghijk'])('%j is none', (text) => {
  expect(isNationalNumber(text)).toBe(false);
});
