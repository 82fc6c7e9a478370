import type { LinearPattern } from './linear-pattern.ts';

/** Whole regular expressions that mean the same to RE2 and to a browser, once `\s` is written out: RE2's is of ASCII alone. */
const MEMBER = String.raw`(?:[^[\]\\]|\\[dDws.\-/()[\]{}*+?^$|\\])`;
const TOKEN = String.raw`[^[\](){}*+?|\\]|\\[dDwWsS./()[\]{}*+?^$|\\]|\((?:\?:)?(?!\?)|[)|]|[*+?]\??|\{\d+(?:,\d*)?\}\??|\[\^?${MEMBER}+\]`;
const COMMON = new RegExp(`^(?:${TOKEN})*$`, 's');
const BLANK = String.raw`\t\n\f\r `;
const BLANKS = /\\[\\[\]]|\\s|\\S|\[|\]/g;

let library: typeof import('./linear-pattern.ts') | undefined;

/** Fetches what knows the rest of RE2's syntax: 60 kB, for the few forms that say so (needsLibrary()). */
export async function loadPatterns(): Promise<void> {
  library ??= await import('./linear-pattern.ts');
}

/**
 * Takes the place of linear-pattern.ts in a browser (package.json, imports): who writes a slow expression there waits for it
 * on a device of their own, and forms come from the server, which has refused what is not linear. What a browser would read
 * otherwise than the server (`\p{L}`, `(?i)`, `[[:alpha:]]`, …) the server's own library reads.
 *
 * @throws SyntaxError where it is none, or needs the library before `loadPatterns`: then the server tells
 */
export function linearPattern(source: string): LinearPattern {
  if (needsLibrary(source)) {
    if (library === undefined) throw new SyntaxError(`no browser reads this as the server does: ${source}`);
    return library.linearPattern(source);
  }
  const own = withBlanks(source);
  // u: a dot is a whole character, not half of one
  const some = new RegExp(own, 'su');
  const whole = new RegExp(`^(?:${own})$`, 'su');
  const every = new RegExp(own, 'gsu');
  return {
    finds: (text) => some.test(text),
    matches: (text) => whole.test(text),
    replaceAll: (text, by) => text.replace(every, by),
  };
}

/** Whether a browser's own engine would not do. */
export function needsLibrary(source: string): boolean {
  if (!COMMON.test(source)) return true;
  try {
    new RegExp(withBlanks(source), 'su');
    return false;
  } catch {
    return true;
  }
}

function withBlanks(source: string): string {
  let inClass = false;
  return source.replace(BLANKS, (token) => {
    if (token === '[' || token === ']') inClass = token === '[';
    if (token === '\\s') return inClass ? BLANK : `[${BLANK}]`;
    return token === '\\S' ? `[^${BLANK}]` : token;
  });
}
