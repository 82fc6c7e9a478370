import fc from 'fast-check';
import { expect, test } from 'vitest';
import { passes } from '../../../tests/examples/ranges.ts';
import { boxesOf, pointsOf } from './boxes.ts';
import { conjoined } from './conjoin.ts';
import { type Box, type Interval, type Prefix, prefixes, type RangeCriterion } from './nodes.ts';

const lies = ({ lo, hi }: Interval, { loMin, loMax, hiMin, hiMax }: Box): boolean =>
  lo >= loMin && lo <= loMax && hi >= hiMin && hi <= hiMax;

const interval = fc
  .tuple(fc.integer({ min: -4, max: 4 }), fc.nat(3))
  .map(([lo, length]): Interval => ({ lo: lo / 4, hi: (lo + length) / 4 }));
const prefix = fc.constantFrom(...prefixes);

test('the boxes of a comparison hold what passes it, and nothing else', () => {
  fc.assert(
    fc.property(prefix, interval, interval, (compared, asked, value) => {
      expect(boxesOf(compared, asked).some((box) => lies(value, box))).toBe(passes(compared, asked, value));
    }),
    { numRuns: 2000 },
  );
});

test('for a point, the intervals of a comparison do the same', () => {
  fc.assert(
    fc.property(prefix, interval, fc.integer({ min: -8, max: 8 }), (compared, asked, eighth) => {
      const value = { lo: eighth / 8, hi: eighth / 8 };
      const found = pointsOf(compared, asked).some(({ lo, hi }) => lo <= value.lo && value.lo <= hi);
      expect(found).toBe(passes(compared, asked, value));
    }),
    { numRuns: 2000 },
  );
});

test('two comparisons of one value, joined, hold what passes both', () => {
  const criterion = (compared: Prefix, asked: Interval): RangeCriterion => ({
    kind: 'range',
    boxes: boxesOf(compared, asked).map((box) => ({ key: 'k', box })),
    single: true,
  });
  fc.assert(
    fc.property(prefix, interval, prefix, interval, interval, (one, first, other, second, value) => {
      const joined = conjoined([criterion(one, first), criterion(other, second)]);
      expect(joined).toHaveLength(1);
      const [range] = joined;
      const found = range?.kind === 'range' && range.boxes.some(({ box }) => lies(value, box));
      expect(found).toBe(passes(one, first, value) && passes(other, second, value));
    }),
    { numRuns: 5000 },
  );
});
