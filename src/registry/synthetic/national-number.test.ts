import { expect, it } from 'vitest';
import { checkFodselsnummer } from '../../conformance/identifier-systems/norwegian.ts';
import { syntheticNationalNumber } from './national-number.ts';

it('gives numbers with right control digits, of the synthetic series, none twice', () => {
  const numbers = new Set<string>();
  for (const year of [1935, 1980, 1999, 2000, 2008]) {
    for (const sex of ['male', 'female'] as const) {
      for (let serial = 0; serial < 100; serial += 1) {
        const number = syntheticNationalNumber({ year, month: 3, day: 9 }, sex, serial);
        expect(checkFodselsnummer(number)).toBeUndefined();
        expect(number.slice(2, 4)).toBe('83');
        expect(Number(number[8]) % 2).toBe(sex === 'male' ? 1 : 0);
        numbers.add(number);
      }
    }
  }
  expect(numbers.size).toBe(1000);
});
