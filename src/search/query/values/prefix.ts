import { type Interval, type Prefix, prefixes } from '../nodes.ts';

const known: ReadonlySet<string> = new Set(prefixes);

/** Splits off the prefix of a date, number or quantity; eq where there is none. */
export function splitPrefix(value: string): { readonly prefix: Prefix; readonly rest: string } {
  const prefix = value.slice(0, 2);
  return isPrefix(prefix) ? { prefix, rest: value.slice(2) } : { prefix: 'eq', rest: value };
}

function isPrefix(text: string): text is Prefix {
  return known.has(text);
}

/**
 * Whether a value passes: R4 §3.1.1.4.5, where `asked` is the range of the searched value and `value` that of the
 * resource's. The same comparisons stand in sql/range.ts. `ap` expects `asked` to be widened already.
 */
export function passes(prefix: Prefix, asked: Interval, value: Interval): boolean {
  const contained = asked.lo <= value.lo && value.hi <= asked.hi;
  switch (prefix) {
    case 'eq':
      return contained;
    case 'ne':
      return !contained;
    case 'gt':
      return value.hi > asked.hi;
    case 'lt':
      return value.lo < asked.lo;
    case 'ge':
      return contained || value.hi > asked.hi;
    case 'le':
      return contained || value.lo < asked.lo;
    case 'sa':
      return value.lo > asked.hi;
    case 'eb':
      return value.hi < asked.lo;
    case 'ap':
      return value.lo <= asked.hi && value.hi >= asked.lo;
  }
}
