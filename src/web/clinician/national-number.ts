export { nationalNumberOf } from '../../registry/national-number.ts';

/** A national number as the day of birth that it begins with, and what tells people of that day apart. */
export function partsOfNumber(number: string): readonly [birth: string, rest: string] {
  // eleven digits are Norwegian; Swedish ones have four last
  const at = number.length - (number.length === 11 ? 5 : 4);
  return [number.slice(0, at), number.slice(at)];
}
