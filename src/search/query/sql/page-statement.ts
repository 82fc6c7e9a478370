import type { QueryConfig } from 'pg';
import { typeNumber } from '../../../model/resource-types.ts';
import type { VersionRow } from '../../../model/version-row.ts';
import type { Criterion, SearchRequest, SortKey, TokenCriterion } from '../nodes.ts';
import { collectedSource } from './collected-source.ts';
import { commonMembers, membersOf } from './members.ts';
import { beyond, orderBy, type Position, sortType, sortValue } from './order.ts';
import { probes, type Row } from './probe.ts';
import { resourceOf } from './resource.ts';
import type { Statement } from './statement.ts';

/**
 * How the resources are gone through:
 * - `members`: those for which `criterion` holds are found by its index, the other criteria are tested on each (of a
 *   `sample`, on the first of them only); if they are more than `atMost`, there are none; `many` are expected
 * - `common`: the postings of several single tokens are merged
 * - `collected`: those that were found before, with the texts that they are sorted by
 * - `reach`: all of the types that are in the caller's reach, where that is bounded
 * - `type`: all of the types, by creation or by the time of their last update (of a `sample`, the newest of one type)
 * - `sorted`: by the index of the first sort key, in its order; resources without a value are left out
 * - `unsorted`: all of the type that have no value for the first sort key
 */
export type Way =
  | {
      readonly kind: 'members';
      readonly criterion: Criterion;
      readonly sample?: number;
      readonly atMost?: number;
      readonly many?: boolean;
    }
  | { readonly kind: 'common'; readonly criteria: readonly TokenCriterion[] }
  | CollectedWay
  | { readonly kind: 'reach' }
  | { readonly kind: 'type'; readonly sample?: number }
  | { readonly kind: 'sorted' }
  | { readonly kind: 'unsorted' };

/** Matches whose contents were read for what no index has an order for. */
export interface CollectedWay {
  readonly kind: 'collected';
  readonly matches: readonly { readonly rid: string; readonly version: number }[];
  /** For each sort key the matches' texts, in the order of `matches`; undefined for a key that PostgreSQL finds itself. */
  readonly texts: readonly (readonly (string | null)[] | undefined)[];
}

/** What a row of a page statement holds; the sort values are text. */
export interface PageRow extends VersionRow {
  [sortValue: `s${number}`]: string | null;
}

/** What is asked of resources, apart from paging. */
export type Asked = Pick<SearchRequest, 'types' | 'where' | 'sort'>;

export interface PageBounds {
  readonly position: Position | undefined;
  /** Against the order asked for. */
  readonly back: boolean;
  readonly offset: number;
  readonly limit: number;
}

/**
 * The statement for one page. The limit stands in its text, for the planner must know that few rows are wanted; so it is
 * one of a few numbers (see `limitFor`).
 */
export function pageStatement(
  statement: Statement,
  asked: Asked,
  way: Way,
  { position, back, offset, limit }: PageBounds,
): QueryConfig {
  const { from, row, where, sorted, texts } = source(statement, asked, way);
  const conditions = [...where];
  const columns = asked.sort.map((key, i) => {
    const first = way.kind === 'unsorted' ? `null::${sortType(key)}` : sorted;
    return `${(i === 0 ? first : undefined) ?? texts?.[i] ?? sortValue(statement, key, row)} as s${i}`;
  });
  const fields = `${row.rid} as rid, ${row.resource}.type, ${row.resource}.version, ${row.resource}.updated, ${row.resource}.id, ${row.resource}.content, ${row.resource}.patient, ${row.resource}.anchor`;
  const skip = offset > 0 ? ` offset ${statement.value(offset, 'int8')}` : '';
  const order = orderBy(asked.sort, asked.sort.length === 0 ? row.rid : 'm.rid', back, sorted !== undefined);
  if (asked.sort.length === 0) {
    if (position !== undefined) {
      conditions.push(beyond(statement, [], row.rid, position));
    }
    return statement.config(
      `select ${fields} from ${from} where ${conditions.join(' and ')} order by ${order} limit ${limit}${skip}`,
    );
  }
  if (position !== undefined && sorted !== undefined) {
    conditions.push(bound(statement, asked.sort[0] as SortKey, sorted, position));
  }
  // Collected matches are fenced off, so that sort values are computed once.
  const fence =
    way.kind === 'members' || way.kind === 'common' || way.kind === 'collected' || way.kind === 'reach'
      ? ' offset 0'
      : '';
  const matches = `select ${[fields, ...columns].join(', ')} from ${from} where ${conditions.join(' and ')}${fence}`;
  const page = position === undefined ? '' : ` where ${beyond(statement, asked.sort, 'rid', position)}`;
  const values = asked.sort.map((_, i) => `s${i}::text as s${i}`).join(', ');
  return statement.config(
    // The output columns s0 … are text; the order is by those of m.
    `select rid, type, version, updated, id, content, patient, anchor, ${values} from (${matches}) m${page} order by ${order} limit ${limit}${skip}`,
  );
}

/** Where the walk along an index begins. The exact condition follows; this one is the index's own. */
function bound(statement: Statement, key: SortKey, column: string, { back, values }: Position): string {
  const [value] = values;
  if (value === undefined || value === null) {
    return 'true';
  }
  return `${column} ${key.descending !== back ? '<=' : '>='} ${statement.value(value, sortType(key))}`;
}

/** The number of all matches. */
export function countStatement(statement: Statement, asked: Asked, way: Way, atMost?: number): QueryConfig {
  const { from, where } = source(statement, asked, way);
  const conditions = where.join(' and ');
  return statement.config(
    atMost === undefined
      ? `select count(*)::int8 as n from ${from} where ${conditions}`
      : `select count(*)::int8 as n from (select 1 from ${from} where ${conditions} limit ${atMost}) c`,
  );
}

/** How many of the first `sample` matches of one criterion satisfy all, counted to `atMost`. */
export function jointStatement(
  statement: Statement,
  asked: Asked,
  criterion: Criterion,
  sample: number,
  atMost: number,
): QueryConfig {
  const { from, where } = source(statement, asked, { kind: 'members', criterion, sample });
  return statement.config(
    `select count(*)::int8 as n from (select 1 from ${from} where ${where.join(' and ')} limit ${atMost}) c`,
  );
}

/** What a statement goes through. */
export interface Source {
  readonly from: string;
  readonly row: Row;
  readonly where: readonly string[];
  /** The index's own column that holds the first sort value. */
  readonly sorted?: string;
  /** SQL for the texts that came with the matches, by sort key. */
  readonly texts?: readonly (string | undefined)[];
}

/** The resources that a way leads to, and the conditions that are left to be tested on each. */
export function source(statement: Statement, asked: Asked, way: Way): Source {
  const type = asked.types.length === 1 ? asked.types[0] : undefined;
  const ofType = (): readonly string[] => (statement.limited ? ofTypes(statement, asked) : []);
  const many = way.kind === 'members' && way.many === true;
  const visible = ['not r.deleted', statement.permitted('search', 'r', { type, many })];
  const tested = (criteria: readonly Criterion[], row: Row): readonly string[] =>
    probes(statement, criteria, row, visible);
  if (way.kind === 'members') {
    const members = membersOf(statement, way.criterion, asked.types);
    if (members === undefined) {
      throw new Error(`no index finds the members of ${way.criterion.kind}`);
    }
    const row: Row = { rid: 'd.rid', resource: 'r' };
    const rest = asked.where.filter((criterion) => criterion !== way.criterion || members.recheck);
    const sample = way.sample === undefined ? '' : ` limit ${way.sample}`;
    const distinct = members.distinct
      ? `${members.sql}${sample}`
      : `select distinct rid from (${members.sql}${sample}) a`;
    const few =
      way.atMost === undefined
        ? distinct
        : `select distinct rid from (select rid, count(*) over () as n from (${members.sql} limit ${way.atMost + 1}) a) b where n <= ${way.atMost}`;
    // a second token is looked up for all members in one descent of its index, not for each apart
    const second = way.atMost === undefined && way.sample === undefined ? rest.find(isOneToken) : undefined;
    return {
      from: `(${second === undefined ? few : ofThese(statement, second, few)}) d ${resourceOf('d.rid', 'r')}`,
      row,
      where: [
        ...(members.recheck && !statement.limited ? ofTypes(statement, asked) : ofType()),
        ...tested(
          rest.filter((criterion) => criterion !== second),
          row,
        ),
      ],
    };
  }
  if (way.kind === 'common') {
    const row: Row = { rid: 'd.rid', resource: 'r' };
    const rest = asked.where.filter((criterion) => !way.criteria.some((common) => common === criterion));
    return {
      from: `(${commonMembers(statement, way.criteria)}) d ${resourceOf('d.rid', 'r')}`,
      row,
      where: [...ofType(), ...tested(rest, row)],
    };
  }
  if (way.kind === 'reach') {
    const reached = statement.reached(asked.types);
    if (reached === undefined) {
      throw new Error('what is in reach of this caller has no bounds');
    }
    const row: Row = { rid: 'd.rid', resource: 'r' };
    return {
      from: `(select distinct rid from (${reached}) a) d ${resourceOf('d.rid', 'r')}`,
      row,
      where: [...ofTypes(statement, asked), ...tested(asked.where, row)],
    };
  }
  if (way.kind === 'collected') {
    return collectedSource(statement, asked.where, way, [...ofType(), ...visible]);
  }
  const [first] = asked.sort;
  if (way.kind === 'sorted' && first !== undefined && (first.by.kind === 'range' || first.by.kind === 'string')) {
    const row: Row = { rid: 'd.rid', resource: 'r' };
    const table = first.by.kind === 'range' ? 'range_idx' : 'string_idx';
    const column = first.by.kind === 'range' ? 'lo' : 'value';
    const h = statement.hash(first.by.key);
    const sooner = first.descending ? '>' : '<';
    return {
      from: `${table} d ${resourceOf('d.rid', 'r')}`,
      row,
      // Of several values of a resource only the one that it is sorted by counts.
      where: [
        `d.h = ${h}`,
        `not exists (select 1 from ${table} e where e.rid = d.rid and e.h = d.h and (e.${column} ${sooner} d.${column} or (e.${column} = d.${column} and e.ctid < d.ctid)) offset 0)`,
        ...ofType(),
        ...tested(asked.where, row),
      ],
      sorted: `d.${column}`,
    };
  }
  const row: Row = { rid: 'r.rid', resource: 'r' };
  const newest =
    way.kind === 'type' && way.sample !== undefined
      ? `(select r.* from resource r where ${ofTypes(statement, asked).join(' and ')} order by r.rid desc limit ${way.sample}) r`
      : undefined;
  const without = way.kind === 'unsorted' && first !== undefined ? [`${sortValue(statement, first, row)} is null`] : [];
  return {
    from: newest ?? 'resource r',
    row,
    where: [...(newest === undefined ? ofTypes(statement, asked) : []), ...without, ...tested(asked.where, row)],
    ...(first?.by.kind === 'updated' ? { sorted: 'r.updated' } : {}),
  };
}

function isOneToken(criterion: Criterion): criterion is TokenCriterion {
  return criterion.kind === 'token' && criterion.keys.length === 1;
}

/** Those of some rids for which a token is there. */
function ofThese(statement: Statement, { keys }: TokenCriterion, rids: string): string {
  const x = statement.alias();
  return `select ${x}.rid from token_idx ${x} where ${x}.h = ${statement.hash(keys[0] as string)} and ${x}.rid = any(array(${rids}))`;
}

function ofTypes(statement: Statement, { types }: Asked): readonly string[] {
  const [type] = types;
  if (type === undefined) {
    return [];
  }
  return types.length === 1
    ? [`r.type = ${statement.value(typeNumber(type), 'int2')}`]
    : [`r.type = any(${statement.value(types.map(typeNumber), 'int2[]')})`];
}

/** The limits that occur in statements: few, so that few statements are prepared. */
const LIMITS = [1, 2, 6, 11, 21, 31, 51, 101, 201, 501, 1001];

/** The limit of a statement of which `rows` rows are wanted. */
export function limitFor(rows: number): number {
  return LIMITS.find((limit) => limit >= rows) ?? rows;
}
