import { jsonFault } from './fault.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Checks one JSON string and returns the index of its closing quote; `at` is the index after the opening one.
 *
 * Beyond RFC 8259 section 7 it refuses U+0000, which PostgreSQL's text cannot hold and FHIR strings may not, and
 * surrogates without their partner, which cannot be written as UTF-8; both raw and escaped.
 */
export function scanString(source: string, at: number): number {
  let i = at;
  for (;;) {
    const c = source.charCodeAt(i);
    if (c > QUOTE ? c !== BACKSLASH && c < 0xd800 : c === 0x20 || c === 0x21) {
      i += 1;
    } else if (c === QUOTE) {
      return i;
    } else {
      i = scanRareUnit(source, i);
    }
  }
}

/** What is neither the end nor a plain character: an escape, a surrogate, a character above them, or a fault. */
function scanRareUnit(source: string, at: number): number {
  if (at >= source.length) {
    throw jsonFault(source, at, 'it ends inside a string');
  }
  const unit = codeUnit(source, at);
  if (unit === 0) {
    throw jsonFault(source, at, 'the character NUL is not allowed');
  }
  const next = at + unitLength(source, at);
  if ((unit & 0xfc00) === 0xdc00) {
    throw jsonFault(source, at, 'half of a surrogate pair stands alone');
  }
  if ((unit & 0xfc00) !== 0xd800) {
    return next;
  }
  if (next >= source.length || (codeUnit(source, next) & 0xfc00) !== 0xdc00) {
    throw jsonFault(source, at, 'half of a surrogate pair stands alone');
  }
  return next + unitLength(source, next);
}

function unitLength(source: string, at: number): number {
  if (source.charCodeAt(at) !== BACKSLASH) {
    return 1;
  }
  return source.charCodeAt(at + 1) === 0x75 ? 6 : 2;
}

function codeUnit(source: string, at: number): number {
  const c = source.charCodeAt(at);
  if (c !== BACKSLASH) {
    if (c < 0x20) {
      throw jsonFault(source, at, c === 0 ? 'the character NUL is not allowed' : 'a control character is not escaped');
    }
    return c;
  }
  const escaped = source[at + 1] ?? '';
  if (escaped !== 'u') {
    if (!'"\\/bfnrt'.includes(escaped) || escaped === '') {
      throw jsonFault(source, at, 'a backslash is not followed by an escape of JSON');
    }
    return escaped.charCodeAt(0);
  }
  const digits = source.slice(at + 2, at + 6);
  if (!/^[0-9A-Fa-f]{4}$/.test(digits)) {
    throw jsonFault(source, at, '\\u is not followed by four hexadecimal digits');
  }
  return Number.parseInt(digits, 16);
}
