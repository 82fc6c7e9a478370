/**
 * Whether eleven digits are a Norwegian national identity number or D-number: both check digits, modulo 11
 * (Skatteetaten, "Fødselsnummer"); synthetic numbers have them, too. The day is not looked at.
 */
export function isNationalNumber(text: string): boolean {
  if (!/^\d{11}$/.test(text)) return false;
  const digits = [...text].map(Number);
  const remainder = (weights: readonly number[]): number =>
    weights.reduce((sum, weight, index) => sum + weight * (digits[index] ?? 0), 0) % 11;
  return remainder([3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) === 0 && remainder([5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) === 0;
}
