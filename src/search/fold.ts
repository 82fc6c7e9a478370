/**
 * How strings are compared in a search: without case, without accents, whitespace as single blanks. Stored and searched
 * text are folded alike, so `ase` finds Åse and `Åse` finds ase.
 *
 * NFKD takes å, ä, ö, č and š apart into letter and accent. Letters that Unicode does not take apart, though readers of
 * another Nordic language type them without, are replaced: Sjøgren and Sjögren fold alike (sjogren), æ becomes ae.
 */
const ASCII = /^[\x20-\x7e]*$/;
const MARKS = /\p{M}+/gu;
const LETTERS = /[øæœßþðđłŧŋıħ]/g;
const BLANKS = /\s+/g;
const UNTIDY = /^\s|\s$|\s\s/;

const letters: Record<string, string> = {
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  ß: 'ss',
  þ: 'th',
  ð: 'd',
  đ: 'd',
  ł: 'l',
  ŧ: 't',
  ŋ: 'n',
  ı: 'i',
  ħ: 'h',
};

/**
 * The longest string, in UTF-16 units, that string_idx.value holds: an entry of a PostgreSQL index has at most 2704 bytes,
 * and a unit at most three. What is longer is found by its first part; `exact` keeps it whole.
 */
export const FOLDED_MAX = 800;

/** The folded text, at most FOLDED_MAX long. */
export function fold(text: string): string {
  const lower = text.length > FOLDED_MAX * 4 ? text.slice(0, FOLDED_MAX * 4).toLowerCase() : text.toLowerCase();
  const plain = ASCII.test(lower)
    ? lower
    : lower
        .normalize('NFKD')
        .replace(MARKS, '')
        .replace(LETTERS, (letter) => letters[letter] ?? letter);
  return clip(UNTIDY.test(plain) || plain !== lower ? plain.replace(BLANKS, ' ').trim() : plain);
}

/** Cut to what an index entry can hold, between two characters. */
export function clip(text: string): string {
  return text.length > FOLDED_MAX
    ? text
        .slice(0, FOLDED_MAX)
        .toWellFormed()
        .replace(/\ufffd$/, '')
    : text;
}
