import { type Prefix, prefixes } from '../nodes.ts';

const known: ReadonlySet<string> = new Set(prefixes);

/** Splits off the prefix of a date, number or quantity; eq where there is none. */
export function splitPrefix(value: string): { readonly prefix: Prefix; readonly rest: string } {
  const prefix = value.slice(0, 2);
  return isPrefix(prefix) ? { prefix, rest: value.slice(2) } : { prefix: 'eq', rest: value };
}

function isPrefix(text: string): text is Prefix {
  return known.has(text);
}
