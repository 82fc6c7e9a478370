/** How strings compare in this server: without case, accents and doubled blanks; Nordic letters as their neighbours type them. */
const LETTERS: readonly (readonly [RegExp, string])[] = [
  [/ø/g, 'o'],
  [/æ/g, 'ae'],
  [/œ/g, 'oe'],
  [/ß/g, 'ss'],
  [/[þŧ]/g, 't'],
  [/[ðđ]/g, 'd'],
  [/ł/g, 'l'],
];

/** @param most UTF-16 units that count */
export function folded(text: string, most = 800): string {
  const bare = text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').replace(/\s+/g, ' ').trim();
  return LETTERS.reduce((from, [letter, to]) => from.replace(letter, to), bare).slice(0, most);
}

/** A value as it stands in a search: R4 §3.1.1.4.15 escapes what separates values. */
export function escaped(text: string): string {
  return text.replace(/[\\,$|]/g, (sign) => `\\${sign}`);
}
