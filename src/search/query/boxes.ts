import type { Box, Interval, Prefix } from './nodes.ts';
import { below } from './values/number.ts';

const anything: Box = {
  loMin: Number.NEGATIVE_INFINITY,
  loMax: Number.POSITIVE_INFINITY,
  hiMin: Number.NEGATIVE_INFINITY,
  hiMax: Number.POSITIVE_INFINITY,
};

/** The rows that pass a comparison with the range asked for: R4 §3.1.1.4.5. */
export function boxesOf(prefix: Prefix, asked: Interval): readonly Box[] {
  switch (prefix) {
    case 'eq':
      return [{ ...anything, loMin: asked.lo, loMax: asked.hi, hiMin: asked.lo, hiMax: asked.hi }];
    case 'ne':
      return [
        { ...anything, loMax: below(asked.lo) },
        { ...anything, hiMin: above(asked.hi) },
      ];
    case 'gt':
      return [{ ...anything, hiMin: above(asked.hi) }];
    case 'lt':
      return [{ ...anything, loMax: below(asked.lo) }];
    case 'ge':
      return [
        { ...anything, hiMin: above(asked.hi) },
        { ...anything, loMin: asked.lo },
      ];
    case 'le':
      return [
        { ...anything, loMax: below(asked.lo) },
        { ...anything, hiMax: asked.hi },
      ];
    case 'sa':
      return [{ ...anything, loMin: above(asked.hi) }];
    case 'eb':
      return [{ ...anything, hiMax: below(asked.lo) }];
    case 'ap':
      return [{ ...anything, loMax: asked.hi, hiMin: asked.lo }];
  }
}

/** The boxes of rows that hold two numbers: lo is the first and hi the second, each a point. */
export function boxesOfTwo(first: Compared, second: Compared): readonly Box[] {
  return pointsOf(first.prefix, first).flatMap((one) =>
    pointsOf(second.prefix, second).map((other) => ({
      loMin: one.lo,
      loMax: one.hi,
      hiMin: other.lo,
      hiMax: other.hi,
    })),
  );
}

export interface Compared extends Interval {
  readonly prefix: Prefix;
}

/** The points that pass a comparison: one interval or the union of two. */
export function pointsOf(prefix: Prefix, asked: Interval): readonly Interval[] {
  switch (prefix) {
    case 'eq':
    case 'ap':
      return [{ lo: asked.lo, hi: asked.hi }];
    case 'ne':
      return [
        { lo: Number.NEGATIVE_INFINITY, hi: below(asked.lo) },
        { lo: above(asked.hi), hi: Number.POSITIVE_INFINITY },
      ];
    case 'gt':
    case 'sa':
      return [{ lo: above(asked.hi), hi: Number.POSITIVE_INFINITY }];
    case 'lt':
    case 'eb':
      return [{ lo: Number.NEGATIVE_INFINITY, hi: below(asked.lo) }];
    case 'ge':
      return [{ lo: asked.lo, hi: Number.POSITIVE_INFINITY }];
    case 'le':
      return [{ lo: Number.NEGATIVE_INFINITY, hi: asked.hi }];
  }
}

/** The least double above a finite number. */
function above(number: number): number {
  return -below(-number);
}

/** The same interval with bounds that fit int8. */
export function wholeMilliseconds({ lo, hi }: { lo: number; hi: number }): { lo: number; hi: number } {
  const far = Number.MAX_SAFE_INTEGER;
  return { lo: Math.ceil(Math.max(lo, -far)), hi: Math.floor(Math.min(hi, far)) };
}
