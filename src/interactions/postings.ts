import type { IndexRows } from '../model/index-rows.ts';
import { hash64, param32 } from '../search/hash64.ts';
import type { Postings } from '../store/prepared-write.ts';

/** The rows of a resource as the database holds them. */
export function postings(rows: IndexRows, seed: string): Postings {
  const keyed = (key: string): { h: string; param: number } => ({ h: hash64(key, seed), param: param32(key) });
  return {
    tokens: rows.tokens.map(keyed),
    ranges: rows.ranges.map((row) => ({ ...keyed(row.key), lo: row.lo, hi: row.hi })),
    strings: rows.strings.map((row) => ({ ...keyed(row.key), value: row.value, exact: row.exact })),
  };
}

/** What has to be added and removed to come from one state to the other. */
export function difference(before: Postings, after: Postings): { add: Postings; remove: Postings } {
  const tokens = listDifference(before.tokens, after.tokens, (row) => row.h);
  const ranges = listDifference(before.ranges, after.ranges, (row) => `${row.h} ${row.lo} ${row.hi}`);
  const strings = listDifference(before.strings, after.strings, (row) => `${row.h} ${row.value}\n${row.exact}`);
  return {
    add: { tokens: tokens.added, ranges: ranges.added, strings: strings.added },
    remove: { tokens: tokens.removed, ranges: ranges.removed, strings: strings.removed },
  };
}

function listDifference<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (row: T) => string,
): { added: T[]; removed: T[] } {
  const had = new Set(before.map(keyOf));
  const has = new Set(after.map(keyOf));
  return {
    added: after.filter((row) => !had.has(keyOf(row))),
    removed: before.filter((row) => !has.has(keyOf(row))),
  };
}

/** The ordinals as a bitmap: bit n of byte n / 8, counted from the lowest, as PostgreSQL's get_bit(bytea) counts. */
export function bitmap(ordinals: readonly number[]): Buffer {
  const last = ordinals.length === 0 ? -1 : Math.max(...ordinals);
  const bytes = Buffer.alloc((last >> 3) + 1);
  for (const ordinal of ordinals) {
    bytes[ordinal >> 3] = (bytes[ordinal >> 3] ?? 0) | (1 << (ordinal & 7));
  }
  return bytes;
}
