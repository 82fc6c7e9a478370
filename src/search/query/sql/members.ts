import { type ResourceType, resourceTypes, typeNumber } from '../../../model/resource-types.ts';
import { ridOfId } from '../../../model/rid.ts';
import { hash64 } from '../../hash64.ts';
import { keyOf, resourceForm } from '../../keys.ts';
import type {
  Box,
  ChainCriterion,
  Criterion,
  HasCriterion,
  IdCriterion,
  NearCriterion,
  RangeCriterion,
  StringCriterion,
  TokenCriterion,
  UpdatedCriterion,
} from '../nodes.ts';
import { namedByCanonical } from './canonical-target.ts';
import { CIRCLE_COLUMNS, circleRows, inCircle } from './positions.ts';
import { boxRows, inBox, probes } from './probe.ts';
import { idOf, resourceOf } from './resource.ts';
import type { Statement } from './statement.ts';
import { stringCondition, stringRows } from './strings.ts';

/** The resources for which a criterion holds, as SQL that yields their rids. */
export interface Members {
  readonly sql: string;
  /** No rid comes twice. */
  readonly distinct: boolean;
  /** The criterion must be tested again on the resource itself. */
  readonly recheck: boolean;
}

/** Whether an index finds the resources for which a criterion holds. */
function findable(criterion: Criterion): boolean {
  switch (criterion.kind) {
    case 'has':
      return criterion.ofPatient;
    case 'or':
      return criterion.of.every(findable);
    case 'and':
      return criterion.of.some(findable);
    case 'missing':
    case 'not':
    case 'text':
    case 'concepts':
    case 'list':
      return false;
    default:
      return true;
  }
}

/**
 * SQL for the rids of all resources for which the criterion holds, found by an index; undefined where no index finds them,
 * and then nothing is added to the statement.
 *
 * @param types the types searched; empty for all
 */
export function membersOf(
  statement: Statement,
  criterion: Criterion,
  types: readonly ResourceType[],
): Members | undefined {
  return findable(criterion) ? membersFound(statement, criterion, types) : undefined;
}

function membersFound(statement: Statement, criterion: Criterion, types: readonly ResourceType[]): Members {
  switch (criterion.kind) {
    case 'token': {
      const [key] = criterion.keys;
      const h =
        criterion.keys.length === 1 && key !== undefined
          ? `= ${statement.hash(key)}`
          : `= any(${statement.hashes(criterion.keys)})`;
      return found(`select rid from token_idx where h ${h}`, criterion.keys.length === 1);
    }
    case 'range':
      return found(range(statement, criterion));
    case 'string':
      return found(string(statement, criterion));
    case 'near':
      return found(near(statement, criterion));
    case 'id':
      return { sql: ids(statement, criterion, types), distinct: true, recheck: true };
    case 'updated':
      return found(updated(statement, criterion, types));
    case 'chain':
      return found(chain(statement, criterion));
    case 'has':
      return found(has(statement, criterion));
    case 'or': {
      const parts = criterion.of.map((each) => membersFound(statement, each, types));
      return {
        sql: parts.map(({ sql }) => `(${sql})`).join(' union all '),
        distinct: false,
        recheck: parts.some(({ recheck }) => recheck),
      };
    }
    case 'and':
      return { ...membersFound(statement, rarest(criterion.of.filter(findable)), types), recheck: true };
    default:
      throw new Error(`no index finds the members of ${criterion.kind}`);
  }
}

/** From what matches fewest, as a rule, to what matches most; a token stands last that does not tell few. */
const RARITY: readonly Criterion['kind'][] = ['id', 'near', 'string', 'chain', 'has', 'range', 'and', 'or', 'updated'];

function rarest(criteria: readonly Criterion[]): Criterion {
  const rank = (criterion: Criterion): number => {
    if (criterion.kind === 'token') {
      return criterion.few ? 0 : RARITY.length;
    }
    return RARITY.indexOf(criterion.kind);
  };
  return criteria.reduce((best, each) => (rank(each) < rank(best) ? each : best));
}

function near(statement: Statement, criterion: NearCriterion): string {
  const x = statement.alias();
  const c = statement.alias();
  return `select ${x}.rid from ${circleRows(statement, criterion)} as ${c} ${CIRCLE_COLUMNS} cross join lateral (
    select ${x}.rid from range_idx ${x} where ${x}.h = ${c}.h and ${inCircle(x, c)} offset 0) ${x}`;
}

/** SQL for the rids that have all of several single tokens: their postings are in the order of the rid, so they merge. */
export function commonMembers(statement: Statement, criteria: readonly TokenCriterion[]): string {
  const tables = criteria.map((_, n) => (n === 0 ? 'token_idx t0' : `join token_idx t${n} on t${n}.rid = t0.rid`));
  const conditions = criteria.map(({ keys }, n) => `t${n}.h = ${statement.hash(keys[0] ?? '')}`);
  return `select t0.rid from ${tables.join(' ')} where ${conditions.join(' and ')}`;
}

function found(sql: string, distinct = false): Members {
  return { sql, distinct, recheck: false };
}

/** Rows longer than this stand in the index range_idx_long as well. */
const LONG = 86_400_000;

/**
 * A lower bound of hi is no bound of lo, except that a row is at most a day long or else stands in the index of long rows.
 */
function range(statement: Statement, { boxes }: RangeCriterion): string {
  const rows = boxes.map(({ key, box }) => ({ h: hash64(key, statement.seed), box }));
  const x = statement.alias();
  const b = statement.alias();
  const short = boxRows(
    statement,
    rows.map(({ h, box }) => ({ h, box: { ...box, loMin: Math.max(box.loMin, shortest(box)) } })),
  );
  const byLo = `select ${x}.rid from ${short} as ${b} (h, lo_min, lo_max, hi_min, hi_max) cross join lateral (
    select ${x}.rid from range_idx ${x} where ${x}.h = ${b}.h and ${inBox(x, b)} offset 0) ${x}`;
  const open = rows.filter(({ box }) => shortest(box) > box.loMin);
  if (open.length === 0) {
    return byLo;
  }
  const y = statement.alias();
  const c = statement.alias();
  return `${byLo} union all select ${y}.rid from ${boxRows(statement, open)} as ${c} (h, lo_min, lo_max, hi_min, hi_max) cross join lateral (
    select ${y}.rid from range_idx ${y} where ${y}.h = ${c}.h and ${y}.hi - ${y}.lo > ${LONG} and ${inBox(y, c)} offset 0) ${y}`;
}

/** The least lo of a row in the box that is at most a day long, with room for rounding. */
function shortest({ hiMin }: Box): number {
  return Number.isFinite(hiMin) ? hiMin - LONG - 1 - Math.abs(hiMin) * 1e-12 : Number.NEGATIVE_INFINITY;
}

function string(statement: Statement, criterion: StringCriterion): string {
  const x = statement.alias();
  const v = statement.alias();
  return `select ${x}.rid from ${stringRows(statement, criterion)} as ${v} (h, low, high, needle) cross join lateral (
    select ${x}.rid from string_idx ${x} where ${x}.h = ${v}.h and ${stringCondition(criterion.match, x, v)} offset 0) ${x}`;
}

function ids(statement: Statement, criterion: IdCriterion, types: readonly ResourceType[]): string {
  const rids = criterion.ids.map(ridOfId).filter((rid) => rid !== undefined);
  const numbers = (criterion.type !== undefined ? [criterion.type] : types.length > 0 ? types : resourceTypes).map(
    typeNumber,
  );
  return `select unnest(${statement.value(rids, 'int8[]')}) as rid union select rid from locator
    where type = any(${statement.value(numbers, 'int2[]')}) and id = any(${statement.value(criterion.ids, 'text[]')})`;
}

function updated(statement: Statement, criterion: UpdatedCriterion, types: readonly ResourceType[]): string {
  const numbers = (types.length > 0 ? types : resourceTypes).map(typeNumber);
  const { intervals } = criterion;
  const x = statement.alias();
  const b = statement.alias();
  const t = statement.alias();
  const lows = statement.value(
    intervals.map(({ lo }) => lo),
    'int8[]',
  );
  const highs = statement.value(
    intervals.map(({ hi }) => hi),
    'int8[]',
  );
  return `select ${x}.rid from unnest(${lows}, ${highs}) as ${b} (low, high) cross join unnest(${statement.value(numbers, 'int2[]')}) as ${t} (type)
    cross join lateral (select rid from resource where type = ${t}.type and updated >= ${b}.low and updated <= ${b}.high offset 0) ${x}`;
}

/** First the resources referred to, then, by the hash of a reference to each, those that refer to them. */
function chain(statement: Statement, criterion: ChainCriterion): string {
  return criterion.targets
    .map(({ type, where }) => {
      const i = statement.alias();
      const x = statement.alias();
      const h = statement.hashWithId(keyOf(criterion.name, resourceForm(type, '')), idOf(i));
      const ways = [
        `(select rid from token_idx where h = ${h} offset 0)`,
        ...(criterion.canonical ? namedByCanonical(statement, criterion.name, i) : []),
      ];
      return `select ${x}.rid from ${selection(statement, type, where, i)} cross join lateral (${ways.join(' union all ')}) ${x}`;
    })
    .join(' union all ');
}

/**
 * The patients in whose compartment matching resources are, as far as these refer to them by the reference asked for. A
 * resource that was written before its patient names it in its text only.
 */
function has(statement: Statement, criterion: HasCriterion): string {
  const i = statement.alias();
  const o = statement.alias();
  const x = statement.alias();
  const from = selection(statement, criterion.type, criterion.where, i);
  const conditions = criterion.targets.map((target) => {
    const h = statement.hashWithId(keyOf(criterion.name, resourceForm(target, '')), idOf(o));
    return `exists (select 1 from token_idx ${x} where ${x}.h = ${h} and ${x}.rid = ${i}.rid offset 0)`;
  });
  const type = statement.value(typeNumber('Patient'), 'int2');
  return `select ${o}.rid from ${from} cross join lateral (
    select ${i}.patient as rid where ${i}.patient is not null
    union all select l.rid from regexp_matches(${i}.content, 'Patient/([A-Za-z0-9.-]{1,64})["/]', 'g') m
      cross join lateral (select rid from locator where type = ${type} and id = m[1] offset 0) l
      where ${i}.patient is null) p ${resourceOf('p.rid', o)} where ${conditions.join(' or ')}`;
}

/** SQL for `from`: the readable resources of a type for which a criterion holds, as rows of `resource`. */
function selection(statement: Statement, type: ResourceType, criterion: Criterion, alias: string): string {
  const r = statement.alias();
  const visible = [
    `${r}.type = ${statement.value(typeNumber(type), 'int2')}`,
    `not ${r}.deleted`,
    statement.permitted('search', r, { type }),
  ];
  const members = membersOf(statement, criterion, [type]);
  if (members === undefined) {
    const conditions = probes(statement, [criterion], { rid: `${r}.rid`, resource: r }, visible);
    return `(select ${r}.* from resource ${r} where ${visible[0]} and ${conditions.join(' and ')} offset 0) ${alias}`;
  }
  const d = statement.alias();
  const conditions = probes(statement, members.recheck ? [criterion] : [], { rid: `${d}.rid`, resource: r }, visible);
  const distinct = members.distinct ? members.sql : `select distinct rid from (${members.sql}) ${statement.alias()}`;
  return `(select ${r}.* from (${distinct}) ${d} ${resourceOf(`${d}.rid`, r)}
    where ${conditions.join(' and ')} offset 0) ${alias}`;
}
