/** NIST SP 800-63B-4 (3.1.1.2) asks for 8 beside a second factor and 15 alone; long ones are cut by nobody. */
export const PASSWORD_CHARACTERS_MIN = 12;
export const PASSWORD_CHARACTERS_MAX = 128;

/** What is wrong with a password that somebody wants to have; `differ`: it was not typed the same twice. */
export type PasswordFault = 'short' | 'long' | 'name' | 'simple' | 'same' | 'differ';

/** What is used so often, and is long enough, that it is tried first. Folded. */
const COMMON = ['password', 'passord', 'lösenord', 'losenord', 'qwerty', 'asdfgh', 'letmein', 'velkommen', 'sommer'];
/** A word that begins with another one comes before it. */
const COMMON_WORDS = [...COMMON, 'sommar', 'vinter', 'smertereg', 'smerte', 'svar', 'admin', 'hospital', 'sykehus'];
const RUNS = ['abcdefghijklmnopqrstuvwxyzæøå', '01234567890123456789', 'qwertyuiopåasdfghjkløæzxcvbnm'];
/** Different characters at least. */
const VARIETY_MIN = 5;

/**
 * What is wrong with a new password; undefined if nothing is. Length is what counts, not kinds of characters, and no
 * password expires (NIST SP 800-63B-4, 3.1.1.2).
 *
 * @param names what the password may not consist of: the login name
 */
export function passwordFault(password: string, names: readonly string[]): PasswordFault | undefined {
  const text = password.normalize('NFKC');
  const characters = [...text];
  if (characters.length < PASSWORD_CHARACTERS_MIN) return 'short';
  if (characters.length > PASSWORD_CHARACTERS_MAX) return 'long';
  const folded = text.toLowerCase();
  const rest = (words: readonly string[]): string => words.reduce((left, word) => left.replaceAll(word, ''), folded);
  const known = names.map((name) => name.toLowerCase()).filter((name) => name.length >= 3);
  if (known.length > 0 && [...rest(known)].length < PASSWORD_CHARACTERS_MIN / 2) return 'name';
  if (new Set(folded).size < VARIETY_MIN || isRun(folded)) return 'simple';
  // a common word with a few digits behind it is what is guessed first
  return rest(COMMON_WORDS).replace(/[\d\W_]+/g, '').length < 3 && rest(COMMON_WORDS) !== folded ? 'simple' : undefined;
}

function isRun(text: string): boolean {
  return RUNS.some((run) => run.includes(text) || [...run].reverse().join('').includes(text));
}
