import type { Box, Criterion, Interval, RangeCriterion, UpdatedCriterion } from './nodes.ts';

/**
 * Criteria that bound the same value become one: `date=ge2026-03&date=lt2026-04` is looked up as the month that it is, not
 * as two halves of time.
 */
export function conjoined(where: readonly Criterion[]): readonly Criterion[] {
  const kept: Criterion[] = [];
  for (const criterion of where) {
    const at = kept.findIndex((other) => conjoin(other, criterion) !== undefined);
    const both = at < 0 ? undefined : conjoin(kept[at] as Criterion, criterion);
    if (both === undefined) {
      kept.push(criterion);
    } else {
      kept[at] = both;
    }
  }
  return kept;
}

function conjoin(a: Criterion, b: Criterion): Criterion | undefined {
  if (a.kind === 'updated' && b.kind === 'updated') {
    return updated(a, b);
  }
  return a.kind === 'range' && b.kind === 'range' ? range(a, b) : undefined;
}

function updated(a: UpdatedCriterion, b: UpdatedCriterion): UpdatedCriterion {
  return { kind: 'updated', intervals: a.intervals.flatMap((one) => b.intervals.flatMap((other) => meet(one, other))) };
}

function meet(a: Interval, b: Interval): readonly Interval[] {
  const lo = Math.max(a.lo, b.lo);
  const hi = Math.min(a.hi, b.hi);
  return lo <= hi ? [{ lo, hi }] : [];
}

function range(a: RangeCriterion, b: RangeCriterion): RangeCriterion | undefined {
  const key = a.boxes[0]?.key;
  if (!a.single || !b.single || ![...a.boxes, ...b.boxes].every((each) => each.key === key)) {
    return undefined;
  }
  const boxes = a.boxes.flatMap((one) =>
    b.boxes.flatMap((other) => overlap(one.box, other.box).map((box) => ({ key: one.key, box }))),
  );
  return { kind: 'range', boxes, single: true };
}

function overlap(a: Box, b: Box): readonly Box[] {
  const box = {
    loMin: Math.max(a.loMin, b.loMin),
    loMax: Math.min(a.loMax, b.loMax),
    hiMin: Math.max(a.hiMin, b.hiMin),
    hiMax: Math.min(a.hiMax, b.hiMax),
  };
  return box.loMin <= box.loMax && box.hiMin <= box.hiMax && box.loMin <= box.hiMax ? [box] : [];
}
