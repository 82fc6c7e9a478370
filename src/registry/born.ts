/** Added to the month in synthetic numbers, and to the day in D-numbers. */
const SYNTHETIC_MONTHS = [80, 65, 60, 40, 0];
const D_NUMBER_DAYS = 40;
const FIRST_WEIGHTS = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];

/**
 * The date of birth that a fødselsnummer or D-number tells, YYYY-MM-DD; undefined where it tells none: the individual
 * number tells the century in numbers of the old kind alone, those whose first control digit is right by the old rule
 * (Skatteetaten; from 2032 there are others). For patients whose date of birth is not stored otherwise.
 */
export function bornOf(number: string | undefined): string | undefined {
  if (number === undefined || !/^\d{11}$/.test(number)) return undefined;
  const digits = [...number].map(Number);
  if (FIRST_WEIGHTS.reduce((sum, weight, at) => sum + weight * (digits[at] ?? 0), 0) % 11 !== 0) return undefined;
  const [day = 0, month = 0, year = 0] = [0, 2, 4].map((at) => Number(number.slice(at, at + 2)));
  const shift = SYNTHETIC_MONTHS.find((one) => month > one) ?? 0;
  const century = centuryOf(Number(number.slice(6, 9)), year);
  if (century === undefined) return undefined;
  const two = (value: number): string => String(value).padStart(2, '0');
  const born = `${century + year}-${two(month - shift)}-${two(day > D_NUMBER_DAYS ? day - D_NUMBER_DAYS : day)}`;
  return new Date(`${born}T00:00:00Z`).toJSON()?.startsWith(born) === true ? born : undefined;
}

function centuryOf(individual: number, year: number): number | undefined {
  if (individual < 500) return 1900;
  if (year < 40) return 2000;
  return individual >= 900 ? 1900 : undefined;
}
