import { hash64 } from '../../hash64.ts';
import type { StringCriterion } from '../nodes.ts';
import type { Statement } from './statement.ts';

/** Follows every text that starts with the text before it, in the order of code points. */
const LAST = '\u{10FFFF}';

/** SQL: rows (h, low, high, needle), one for each value asked for. */
export function stringRows(statement: Statement, { match, values }: StringCriterion): string {
  const h = statement.value(
    values.map(({ key }) => hash64(key, statement.seed)),
    'int8[]',
  );
  const low = statement.value(
    values.map(({ folded }) => (anywhere(match) ? '' : folded)),
    'text[]',
  );
  const high = statement.value(
    values.map(({ folded }) =>
      anywhere(match) ? LAST : match === 'exact' || match === 'whole' ? folded : folded + LAST,
    ),
    'text[]',
  );
  const needle = statement.value(
    values.map(({ folded, exact }) => (match === 'exact' ? exact : folded)),
    'text[]',
  );
  return `unnest(${h}, ${low}, ${high}, ${needle})`;
}

/** Whether the beginning of a value tells nothing. */
function anywhere(match: StringCriterion['match']): boolean {
  return match === 'contains' || match === 'suffix' || match === 'other';
}

/** SQL that is true where a row of string_idx matches one of those rows. */
export function stringCondition(match: StringCriterion['match'], x: string, v: string): string {
  const between = `${x}.value >= ${v}.low and ${x}.value <= ${v}.high`;
  switch (match) {
    case 'prefix':
    case 'exact-prefix':
    case 'whole':
      return between;
    case 'other':
      return `${x}.value <> ${v}.needle`;
    case 'suffix':
      return `${between} and right(${x}.value, length(${v}.needle)) = ${v}.needle`;
    case 'contains':
      return `${between} and strpos(${x}.value, ${v}.needle) > 0`;
    case 'exact':
      return `${between} and coalesce(${x}.exact, ${x}.value) = ${v}.needle`;
  }
}
