import { RANGE_FORM } from '../keys.ts';
import { type Emit, type Indexer, NUMBER_LIMIT } from './emit.ts';
import { finite, isObject } from './json.ts';

/** R4 search, 3.1.1.4.6. A stored value is exact; how exact a number is meant is told by the searched one. */
export function numberIndexer(type: string): Indexer | undefined {
  if (type === 'Range') {
    return range;
  }
  return /^(?:decimal|integer|positiveInt|unsignedInt|System\.(?:Integer|Decimal))$/.test(type) ? number : undefined;
}

function number(value: unknown, out: Emit): void {
  const found = finite(value);
  if (found !== undefined) {
    out.range(RANGE_FORM, clamped(found), clamped(found));
  }
}

function range(value: unknown, out: Emit): void {
  const low = isObject(value) && isObject(value.low) ? finite(value.low.value) : undefined;
  const high = isObject(value) && isObject(value.high) ? finite(value.high.value) : undefined;
  if (low !== undefined || high !== undefined) {
    out.range(RANGE_FORM, clamped(low ?? -NUMBER_LIMIT), clamped(high ?? NUMBER_LIMIT));
  }
}

/** The index computes hi - lo, which must stay within a double. */
export function clamped(value: number): number {
  return Math.max(-NUMBER_LIMIT, Math.min(NUMBER_LIMIT, value));
}
