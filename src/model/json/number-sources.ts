/**
 * JSON values whose numbers keep their digits: each stands as a string of its source text behind a mark that no JSON text
 * here can hold (NUL is refused on the way in). So `1.00` goes through a change of the value around it untouched.
 */

const MARK = '\u0000';
const MARKED = /"\\u0000([^"]*)"/g;

/** JSON.parse hands the source text of primitives to its reviver (ES2026); TypeScript's library does not know it yet. */
const parseWithSources = JSON.parse as (
  text: string,
  reviver: (key: string, value: unknown, context: { source: string }) => unknown,
) => unknown;

export function parseKeepingNumbers(text: string): unknown {
  return parseWithSources(text, (_key, value, { source }) => (typeof value === 'number' ? MARK + source : value));
}

/** The JSON text of such a value. */
export function textKeepingNumbers(value: unknown): string {
  return JSON.stringify(value).replace(MARKED, '$1');
}

/** The value with numbers as numbers, to be compared: 1.0 equals 1. */
export function withPlainNumbers(value: unknown): unknown {
  return mapped(value, (leaf) => (typeof leaf === 'string' && leaf.startsWith(MARK) ? Number(leaf.slice(1)) : leaf));
}

/** A value in which plain numbers are marked like those that were parsed. */
export function withKeptNumbers(value: unknown): unknown {
  return mapped(value, (leaf) => (typeof leaf === 'number' ? MARK + String(leaf) : leaf));
}

function mapped(value: unknown, leaf: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => mapped(each, leaf));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapped(member, leaf)]));
  }
  return leaf(value);
}
