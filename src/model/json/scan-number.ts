import { jsonFault } from './fault.ts';

/** Checks one JSON number (RFC 8259 section 6), which starts at `at`, and returns the index after it. */
export function scanNumber(source: string, at: number): number {
  let i = at;
  if (source.charCodeAt(i) === 0x2d) {
    i += 1;
  }
  if (source.charCodeAt(i) === 0x30) {
    i += 1;
    if (isDigit(source.charCodeAt(i))) {
      throw jsonFault(source, at, 'a number starts with a superfluous zero');
    }
  } else {
    i = digits(source, i);
  }
  if (source.charCodeAt(i) === 0x2e) {
    i = digits(source, i + 1);
  }
  if ((source.charCodeAt(i) | 0x20) === 0x65) {
    const sign = source.charCodeAt(i + 1);
    i = digits(source, sign === 0x2b || sign === 0x2d ? i + 2 : i + 1);
  }
  return i;
}

function digits(source: string, at: number): number {
  let i = at;
  while (isDigit(source.charCodeAt(i))) {
    i += 1;
  }
  if (i === at) {
    throw jsonFault(source, at, 'a digit of a number is missing');
  }
  return i;
}

function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}
