import type { Interval, Prefix, RangeTest } from '../nodes.ts';
import { below } from '../values/number.ts';

/**
 * Bounds, all inclusive, of a row's lo and hi. Every comparison of R4 §3.1.1.4.5 is one box or the union of two, so that
 * all have the same SQL. That they agree with `passes` of values/prefix.ts is tested.
 */
export interface Box {
  readonly loMin: number;
  readonly loMax: number;
  readonly hiMin: number;
  readonly hiMax: number;
}

const anything: Box = {
  loMin: Number.NEGATIVE_INFINITY,
  loMax: Number.POSITIVE_INFINITY,
  hiMin: Number.NEGATIVE_INFINITY,
  hiMax: Number.POSITIVE_INFINITY,
};

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

/** The boxes of a test; where it is about two numbers, lo is the first and hi the second, each a point. */
export function boxesOfTest(test: RangeTest): readonly Box[] {
  const { second } = test;
  if (second === undefined) {
    return boxesOf(test.prefix, test);
  }
  return pointsOf(test.prefix, test).flatMap((first) =>
    pointsOf(second.prefix, second).map((other) => ({
      loMin: first.lo,
      loMax: first.hi,
      hiMin: other.lo,
      hiMax: other.hi,
    })),
  );
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
