import type { LocalDate } from '../zone.ts';

const firstWeights = [3, 7, 6, 1, 8, 9, 4, 5, 2];
const secondWeights = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

/** Skatteetaten's synthetic numbers (Tenor) have 80 added to the month: no living person has one. */
const syntheticMonthShift = 80;

/**
 * The `serial`-th synthetic fødselsnummer of a birth date from 1900 to 2039, with right control digits, for a man (odd
 * individual number) or a woman (even). Individual numbers tell the century: 000–499 the 1900s, 500–999 the 2000s.
 */
export function syntheticNationalNumber(born: LocalDate, sex: 'male' | 'female', serial: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${two(born.day)}${two(born.month + syntheticMonthShift)}${two(born.year % 100)}`;
  const century = born.year < 2000 ? 0 : 500;
  for (let attempt = 0, found = 0; attempt < 250; attempt += 1) {
    const individual = century + 2 * attempt + (sex === 'male' ? 1 : 0);
    const nine = `${date}${String(individual).padStart(3, '0')}`;
    const first = controlDigit(nine, firstWeights);
    const second = first === undefined ? undefined : controlDigit(`${nine}${first}`, secondWeights);
    if (second === undefined) continue;
    if (found === serial) return `${nine}${first}${second}`;
    found += 1;
  }
  throw new Error('No more synthetic numbers for this birth date and sex');
}

/** Undefined where it would be 10: such a number is not given. */
function controlDigit(digits: string, weights: readonly number[]): number | undefined {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  const digit = (11 - (sum % 11)) % 11;
  return digit === 10 ? undefined : digit;
}
