import { linearPattern } from '#linear-pattern';

/** Tells whether a whole text has a form. */
export interface Pattern {
  matches(text: string): boolean;
}

/**
 * The regex of an item (FHIR core extension `regex`), matched against the whole value in linear time.
 * @returns undefined if it is not a regular expression, or one that can not run in linear time (look-around, back-references)
 */
export function readPattern(regex: string): Pattern | undefined {
  try {
    return linearPattern(regex);
  } catch {
    return undefined;
  }
}

/** What stands for a digit in a mask: `nnn-nnn`, `###`, `99`, `DD.MM.YYYY`, `åååå-MM-DD`, `hh:mm:ss`. */
const DIGIT = /(?:[nN#9]|[dD]{2}|[mM]{2}|[yYåÅ]{2,4}|[hHtT]{2}|[sS]{2})/y;
const SEPARATOR = /[-./: ()+,]/y;

/**
 * The entryFormat of an item as a pattern where it is a mask of digits, like R4's own example nnn-nnn-nnn; undefined for
 * other texts: entryFormat is written for people.
 */
export function readMask(entryFormat: string): Pattern | undefined {
  let source = '';
  let digits = 0;
  for (let at = 0; at < entryFormat.length; ) {
    DIGIT.lastIndex = at;
    SEPARATOR.lastIndex = at;
    const digit = DIGIT.exec(entryFormat)?.[0];
    const separator = SEPARATOR.exec(entryFormat)?.[0];
    const part = digit ?? separator;
    if (part === undefined) {
      return undefined;
    }
    source += digit === undefined ? `\\${part}` : `[0-9]{${digit.length}}`;
    digits += digit?.length ?? 0;
    at += part.length;
  }
  if (digits === 0) {
    return undefined;
  }
  const mask = new RegExp(`^${source}$`);
  return { matches: (text) => mask.test(text.trim()) };
}
