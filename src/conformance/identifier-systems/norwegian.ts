import type { IdentifierChecker } from './identifier-checker.ts';

const FIRST = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
const SECOND = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
/** Added to the month in synthetic numbers: NAV and H-numbers 40, other test series 60 and 65, Tenor 80. */
const MONTH_SHIFTS = [0, 40, 60, 65, 80];
const D_NUMBER_DAY_SHIFT = 40;

/**
 * Fødselsnummer: eleven digits, day, month and year of birth, individual number, two control digits.
 *
 * The second control digit is as it always was. The first is the old one, or any that the rule from 2032 also gives:
 * remainder 0 to 3 (Skatteetaten, "Nytt fødselsnummer fra 2032"); such numbers may go to people born before. Synthetic
 * test numbers are right too. That the date exists is checked; the century is not, which the new numbers do not tell.
 */
export const checkFodselsnummer: IdentifierChecker = (value) => {
  const fault = digitsFault(value, 'fødselsnummer');
  return fault ?? (isBirthDay(value, 0) ? undefined : 'A fødselsnummer must begin with a day and a month.');
};

/** D-nummer: as fødselsnummer, 40 added to the day. */
export const checkDNummer: IdentifierChecker = (value) => {
  const fault = digitsFault(value, 'D-nummer');
  return (
    fault ??
    (isBirthDay(value, D_NUMBER_DAY_SHIFT) ? undefined : 'A D-nummer must begin with a day (40 added) and a month.')
  );
};

/** RESH-ID of a hospital, ward or location (OID 2.16.578.1.12.4.1.4.102): digits, a handful to ten, without a control digit. */
export const checkReshId: IdentifierChecker = (value) =>
  /^\d{4,10}$/.test(value) ? undefined : 'A RESH-ID is a number of four to ten digits.';

function digitsFault(value: string, kind: string): string | undefined {
  if (!/^\d{11}$/.test(value)) {
    return `A ${kind} has eleven digits.`;
  }
  const digits = [...value].map(Number);
  return remainder(digits, FIRST) <= 3 && remainder(digits, SECOND) === 0
    ? undefined
    : `The control digits of this ${kind} are wrong.`;
}

/** The weighted sum of the digits modulo 11, the control digit itself with weight 1. */
function remainder(digits: readonly number[], weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * (digits[at] ?? 0), 0) % 11;
}

function isBirthDay(value: string, dayShift: number): boolean {
  const day = Number(value.slice(0, 2)) - dayShift;
  return MONTH_SHIFTS.some((shift) => {
    const month = Number(value.slice(2, 4)) - shift;
    // The day before month's next begins is its last; in a leap year, since the century is not known.
    return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(2000, month, 0)).getUTCDate();
  });
}
