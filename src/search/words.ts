/**
 * How words are compared in `_text` and `_content`: without case, accents and punctuation. Contents are taken apart by
 * PostgreSQL (src/search/query/sql/words.ts), what is searched for here: both must fold alike, whatever locale the database has.
 * So case is folded for Latin letters only, by taking accents off and lowering A to Z; Nordic letters that have no
 * decomposition are replaced as in src/search/fold.ts.
 */

/** Each letter of the first stands for that of the second. */
export const SINGLE_LETTERS = ['øØđĐłŁŧŦŋŊıħĦðÐ', 'oOdDlLtTnNihHdD'] as const;
export const DOUBLE_LETTERS: readonly (readonly [letter: string, letters: string])[] = [
  ['æ', 'ae'],
  ['Æ', 'ae'],
  ['œ', 'oe'],
  ['Œ', 'oe'],
  ['ß', 'ss'],
  ['þ', 'th'],
  ['Þ', 'th'],
];
/** Combining accents. The class is read by JavaScript and PostgreSQL alike. */
export const ACCENTS = '[\\u0300-\\u036f]';
/** What stands between words: signs of ASCII and Latin-1, punctuation and symbols. Digits are words. */
export const BETWEEN = '[\\u0001-\\u002f\\u003a-\\u0060\\u007b-\\u00bf\\u2000-\\u2bff]+';

const accents = new RegExp(ACCENTS, 'g');
const between = new RegExp(BETWEEN, 'g');

/** The words of a text, folded, with one blank between two. */
export function foldedWords(text: string): string {
  let folded = text.normalize('NFKD').replace(accents, '');
  const [letters, plain] = SINGLE_LETTERS;
  folded = folded.replace(new RegExp(`[${letters}]`, 'g'), (letter) => plain[letters.indexOf(letter)] ?? letter);
  for (const [letter, two] of DOUBLE_LETTERS) {
    folded = folded.replaceAll(letter, two);
  }
  return folded
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    .replace(between, ' ')
    .trim();
}
