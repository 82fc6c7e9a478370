import type { Identifier } from '@medplum/fhirtypes';

/** What a patient is looked for and registered by (manual 1.8, "Fødselsnummertype"). */
export type NumberType = 'norwegian' | 'other';

/** Norway's systems (HL7 Norway's base profiles): national identity number, D-number, common auxiliary number. */
const NATIONAL = 'urn:oid:2.16.578.1.12.4.1.4.1';
const D_NUMBER = 'urn:oid:2.16.578.1.12.4.1.4.2';
const AUXILIARY = 'urn:oid:2.16.578.1.12.4.1.4.3';

/** Added to the month in synthetic numbers. */
const MONTH_SHIFTS = [0, 40, 60, 65, 80];

/**
 * Eleven digits with right check digits, as the identifier that they are: a national identity number, a D-number (40 added
 * to the day), or a common auxiliary number (FH-number), which begins with 8 or 9 and tells no day. Undefined for others.
 */
export function norwegianNumber(digits: string): Identifier | undefined {
  if (!hasCheckDigits(digits)) return undefined;
  const first = Number(digits[0]);
  if (first >= 8) return { system: AUXILIARY, value: digits };
  const day = Number(digits.slice(0, 2)) - (first >= 4 ? 40 : 0);
  const month = Number(digits.slice(2, 4));
  if (day < 1 || day > 31 || !MONTH_SHIFTS.some((shift) => month > shift && month <= shift + 12)) return undefined;
  return { system: first >= 4 ? D_NUMBER : NATIONAL, value: digits };
}

/**
 * Both check digits, modulo 11 (Skatteetaten, "Fødselsnummer"). The first may have any of the remainders that numbers given
 * out from 2032 have ("Nytt fødselsnummer fra 2032"), as on the server.
 */
function hasCheckDigits(text: string): boolean {
  if (!/^\d{11}$/.test(text)) return false;
  const digits = [...text].map(Number);
  const remainder = (weights: readonly number[]): number =>
    weights.reduce((sum, weight, index) => sum + weight * (digits[index] ?? 0), 0) % 11;
  return remainder([3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) <= 3 && remainder([5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) === 0;
}

export type NumberFault = 'needed' | 'wrong' | 'auxiliary' | 'norwegian';

/** A number as it was typed: the identifier that it is, none where it may be left out, or what is wrong with it. */
export function readNumber(
  type: NumberType,
  typed: string,
): { readonly identifier?: Identifier; readonly fault?: NumberFault } {
  const text = typed.trim();
  const identifier = norwegianNumber(text.replaceAll(/\s/g, ''));
  const isAuxiliary = identifier?.system === AUXILIARY;
  if (type === 'norwegian') {
    if (text === '') return { fault: 'needed' };
    if (identifier === undefined) return { fault: 'wrong' };
    return isAuxiliary ? { fault: 'auxiliary' } : { identifier };
  }
  if (text === '') return {};
  if (identifier !== undefined) return isAuxiliary ? { identifier } : { fault: 'norwegian' };
  // a passport's number, another country's: whose it is, nobody has said
  return { identifier: { value: text } };
}
