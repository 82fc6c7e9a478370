import type { IndexRows } from '../../model/index-rows.ts';
import type { Criterion, RangeCriterion, StringCriterion } from './nodes.ts';

/** A criterion that a resource's own index rows answer. */
export type RowCriterion = Extract<Criterion, { readonly kind: 'token' | 'range' | 'string' }>;

export function isRowCriterion(criterion: Criterion): criterion is RowCriterion {
  return criterion.kind === 'token' || criterion.kind === 'range' || criterion.kind === 'string';
}

/** Whether a criterion holds for a resource with these index rows: what `probe` tells of it in SQL. */
export function holds(criterion: RowCriterion, rows: IndexRows): boolean {
  switch (criterion.kind) {
    case 'token':
      return criterion.keys.some((key) => rows.tokens.includes(key));
    case 'range':
      return rangeHolds(criterion, rows);
    case 'string':
      return stringHolds(criterion, rows);
  }
}

function rangeHolds({ boxes }: RangeCriterion, { ranges }: IndexRows): boolean {
  return boxes.some(({ key, box }) =>
    ranges.some(
      (row) =>
        row.key === key && row.lo >= box.loMin && row.lo <= box.loMax && row.hi >= box.hiMin && row.hi <= box.hiMax,
    ),
  );
}

function stringHolds({ match, values }: StringCriterion, { strings }: IndexRows): boolean {
  return values.some(({ key, folded, exact }) =>
    strings.some((row) => row.key === key && matches(match, row, folded, exact)),
  );
}

function matches(
  match: StringCriterion['match'],
  row: { readonly value: string; readonly exact: string },
  folded: string,
  exact: string,
): boolean {
  switch (match) {
    case 'prefix':
    case 'exact-prefix':
      return row.value.startsWith(folded);
    case 'whole':
      return row.value === folded;
    case 'other':
      return row.value !== folded;
    case 'suffix':
      return row.value.endsWith(folded);
    case 'contains':
      return row.value.includes(folded);
    case 'exact':
      return row.value === folded && row.exact === exact;
  }
}
