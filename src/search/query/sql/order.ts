import type { SortKey } from '../nodes.ts';
import type { Row } from './probe.ts';
import { idOf } from './resource.ts';
import type { Statement } from './statement.ts';

/** Where a page begins: behind (or, going back, before) a resource, told by its sort values and its rid. */
export interface Position {
  readonly back: boolean;
  /** One for each sort key; null where the resource has no such value. */
  readonly values: readonly (string | null)[];
  readonly rid: string;
}

/**
 * SQL for the value that a resource is sorted by: of several values the least, or, descending, the greatest. A leading
 * date stands in the resource's own row; other values are looked up.
 */
export function sortValue(statement: Statement, { by, descending }: SortKey, row: Row): string {
  const extreme = descending ? 'max' : 'min';
  const lookUp = (table: string, column: string, key: string): string => {
    const x = statement.alias();
    return `(select ${extreme}(${x}.${column}) from (select ${column} from ${table} where rid = ${row.rid} and h = ${statement.hash(key)} offset 0) ${x})`;
  };
  switch (by.kind) {
    case 'updated':
      return `${row.resource}.updated`;
    case 'id':
      return idOf(row.resource);
    case 'range':
      // A leading date that has no start is not in the row.
      return by.leading
        ? `coalesce(${row.resource}.date::float8, ${lookUp('range_idx', 'lo', by.key)})`
        : lookUp('range_idx', 'lo', by.key);
    case 'string':
      return lookUp('string_idx', 'value', by.key);
    case 'content':
      throw new Error(`${by.param.code} is sorted by what is read from the contents`);
  }
}

/** The PostgreSQL type of a sort value. */
export function sortType({ by }: SortKey): string {
  switch (by.kind) {
    case 'updated':
      return 'int8';
    case 'range':
      return 'float8';
    default:
      return 'text collate "C"';
  }
}

/** Every resource has this sort value. */
function always({ by }: SortKey): boolean {
  return by.kind === 'updated' || by.kind === 'id';
}

/**
 * `order by` over the columns s0, s1 …, then rid: resources without a value come last, whether ascending or descending.
 * The rid goes the way of the first key, so that an index of (value, rid) has the whole order.
 *
 * @param rid SQL; the keys are the columns s0, s1 … of `m`
 * @param walked the first key comes out of an index: it is never null, and must be ordered as the index is
 */
export function orderBy(sort: readonly SortKey[], rid: string, back: boolean, walked: boolean): string {
  const terms = sort.map((key, i) => {
    const direction = key.descending !== back ? 'desc' : 'asc';
    return (walked && i === 0) || always(key)
      ? `m.s${i} ${direction}`
      : `m.s${i} ${direction} nulls ${back ? 'first' : 'last'}`;
  });
  const down = (sort[0]?.descending ?? false) !== back;
  return [...terms, `${rid} ${down ? 'desc' : 'asc'}`].join(', ');
}

/** SQL that is true for what lies behind (before, going back) a position, over the columns s0, s1 … and the rid. */
export function beyond(statement: Statement, sort: readonly SortKey[], rid: string, position: Position): string {
  const down = (sort[0]?.descending ?? false) !== position.back;
  let condition = `${rid} ${down ? '<' : '>'} ${statement.value(position.rid, 'int8')}`;
  for (let i = sort.length - 1; i >= 0; i--) {
    const key = sort[i] as SortKey;
    const value = position.values[i] ?? null;
    if (value === null && !always(key)) {
      condition = position.back ? `(s${i} is not null or (${condition}))` : `(s${i} is null and (${condition}))`;
    } else {
      const at = statement.value(value, sortType(key));
      const less = key.descending !== position.back;
      const after = `s${i} ${less ? '<' : '>'} ${at}`;
      const last = position.back || always(key) ? after : `${after} or s${i} is null`;
      condition = `(${last} or (s${i} = ${at} and ${condition}))`;
    }
  }
  return condition;
}
