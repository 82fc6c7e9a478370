/**
 * The digit after the hyphen of a LOINC code: mod 10 from the right, every second sign doubled (LOINC Users' Guide). The
 * letters of answers, lists, parts and groups (LA…, LL…, LP…, LG…) count as well, by their place after '0' in ASCII.
 */
export function loincCheckDigit(signs: string): string {
  const sum = [...signs].reverse().reduce((total, sign, index) => {
    const value = sign.charCodeAt(0) - 48;
    return total + (index % 2 === 0 ? 2 * value - 9 * Math.floor(value / 5) : value);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}

const CODE = /^((?:L[ALPG])?\d+)-(\d)$/;

/** Whether a code can be one of LOINC's: its form, and its check digit. */
export function isLoincCode(code: string): boolean {
  const [, signs, digit] = CODE.exec(code) ?? [];
  return signs !== undefined && digit === loincCheckDigit(signs);
}
