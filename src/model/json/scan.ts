import { jsonFault } from './fault.ts';
import { OpenKeys } from './scan-keys.ts';
import { scanNumber } from './scan-number.ts';
import { scanString } from './scan-string.ts';

const OBJECT = 1;
const ARRAY = 0;

/**
 * Checks that a text is one JSON value after RFC 8259, stricter where FHIR needs it (scan-string.ts, scan-keys.ts),
 * nested at most `depthMax` deep, and returns it without insignificant whitespace: element order, decimals and escapes
 * stay as sent. Iterative, so that no depth overflows the stack; O(length).
 *
 * @throws FhirError 400 with the line and column of the first fault
 */
export function scan(source: string, depthMax: number): string {
  const keys = new OpenKeys(source);
  const open = new Uint8Array(depthMax + 1);
  let depth = 0;
  let compact = '';
  let copiedTo = 0;
  let at = 0;

  function skipWhitespace(): number {
    let c = source.charCodeAt(at);
    if (c > 0x20) {
      return c;
    }
    const start = at;
    while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) {
      at += 1;
      c = source.charCodeAt(at);
    }
    if (at > start) {
      compact += source.slice(copiedTo, start);
      copiedTo = at;
    }
    return c;
  }

  function key(c: number): void {
    if (c !== 0x22) {
      throw jsonFault(source, at, 'a key in quotes is expected');
    }
    const end = scanString(source, at + 1);
    keys.add(at + 1, end);
    at = end + 1;
    if (skipWhitespace() !== 0x3a) {
      throw jsonFault(source, at, 'a colon is expected');
    }
    at += 1;
  }

  /** Reads a value, or the opening of one; true if a container was opened that is not empty. */
  function value(): boolean {
    const c = skipWhitespace();
    if (c === 0x22) {
      at = scanString(source, at + 1) + 1;
      return false;
    }
    if (c === 0x7b || c === 0x5b) {
      return container(c);
    }
    if (c === 0x2d || (c >= 0x30 && c <= 0x39)) {
      at = scanNumber(source, at);
      return false;
    }
    for (const literal of ['true', 'false', 'null']) {
      if (source.startsWith(literal, at)) {
        at += literal.length;
        return false;
      }
    }
    throw jsonFault(source, at, at >= source.length ? 'it ends too early' : 'a value is expected');
  }

  function container(c: number): boolean {
    if (depth >= depthMax) {
      throw jsonFault(source, at, `it is nested more than ${depthMax} deep`);
    }
    depth += 1;
    at += 1;
    const isObject = c === 0x7b;
    open[depth] = isObject ? OBJECT : ARRAY;
    if (isObject) {
      keys.open();
    }
    const next = skipWhitespace();
    if (next === (isObject ? 0x7d : 0x5d)) {
      close();
      return false;
    }
    if (isObject) {
      key(next);
    }
    return true;
  }

  function close(): void {
    if (open[depth] === OBJECT) {
      keys.close();
    }
    depth -= 1;
    at += 1;
  }

  for (;;) {
    if (value()) {
      continue;
    }
    // A value is complete: close what ends here, until a comma asks for the next value.
    for (;;) {
      const c = skipWhitespace();
      if (depth === 0) {
        if (at < source.length) {
          throw jsonFault(source, at, 'something follows its end');
        }
        return copiedTo === 0 ? source : compact + source.slice(copiedTo);
      }
      if (c === 0x2c) {
        at += 1;
        if (open[depth] === OBJECT) {
          key(skipWhitespace());
        }
        break;
      }
      if (c !== (open[depth] === OBJECT ? 0x7d : 0x5d)) {
        throw jsonFault(source, at, at >= source.length ? 'it ends too early' : 'a comma or the end is expected');
      }
      close();
    }
  }
}
