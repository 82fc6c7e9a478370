import type { Band } from './rule.ts';

/** The band in which a value lies; undefined where none begins at or below it. */
export function bandOf(bands: readonly Band[], value: number): Band | undefined {
  return bands.findLast((band) => (band.from === undefined ? value > (band.above ?? 0) : value >= band.from));
}
