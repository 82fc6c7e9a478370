/**
 * The number that a text is, as people in these countries write it: a comma or a point before decimals, blanks between
 * thousands. Undefined where it is none. @param whole whether decimals are none either
 */
export function numberOf(text: string, whole: boolean): number | undefined {
  const plain = text
    .replace(/[\s\u00a0\u202f]/g, '')
    .replace(',', '.')
    .replace('−', '-');
  const form = whole ? /^[-+]?\d{1,15}$/ : /^[-+]?(\d{1,15}(\.\d*)?|\.\d+)$/;
  return form.test(plain) ? Number(plain) : undefined;
}

/** A number as it is written in a language. */
export function numberText(number: number, language: string): string {
  return language === 'en' ? String(number) : String(number).replace('.', ',');
}
