import { expect, test } from 'vitest';
import { numberOf, numberText } from './number-text.ts';

test('a number is read with a comma or a point, and with blanks between thousands', () => {
  for (const [text, number] of [
    ['12,5', 12.5],
    ['12.5', 12.5],
    ['1 200', 1200],
    [' 7 ', 7],
    ['−3', -3],
    [',5', 0.5],
    ['12,', 12],
  ] as const)
    expect(numberOf(text, false), text).toBe(number);
});

test('what is no number, or has decimals where none are asked for, is none', () => {
  for (const text of ['', 'tolv', '12 kanskje', '1,2,3', '1e5', '--1'])
    expect(numberOf(text, false), text).toBeUndefined();
  expect(numberOf('12,5', true)).toBeUndefined();
  expect(numberOf('12', true)).toBe(12);
});

test('a number is written with a comma but in English', () => {
  expect([numberText(38.8, 'nb'), numberText(38.8, 'sv'), numberText(38.8, 'en')]).toEqual(['38,8', '38,8', '38.8']);
});
