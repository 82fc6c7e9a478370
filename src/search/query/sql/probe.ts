import { typeNumber } from '../../../model/resource-types.ts';
import { hash64 } from '../../hash64.ts';
import { keyOf, resourceForm } from '../../keys.ts';
import type {
  Box,
  ChainCriterion,
  Criterion,
  HasCriterion,
  IdCriterion,
  MissingCriterion,
  NearCriterion,
  RangeCriterion,
  StringCriterion,
  TokenCriterion,
  UpdatedCriterion,
} from '../nodes.ts';
import { contains } from '../tree.ts';
import { namesTarget } from './canonical-target.ts';
import { membersOf } from './members.ts';
import { CIRCLE_COLUMNS, circleRows, inCircle } from './positions.ts';
import { idOf, resourceOf } from './resource.ts';
import type { Statement } from './statement.ts';
import { stringCondition, stringRows } from './strings.ts';
import { wordsCondition } from './words.ts';

/** The resource that a condition is about. */
export interface Row {
  /** SQL for its rid; where it comes from a posting, conditions on it need not fetch the resource. */
  readonly rid: string;
  /** The alias of its row of `resource`. */
  readonly resource: string;
}

/**
 * Keys that are looked up one by one for a resource; of more, the resources are collected first. `is true` keeps PostgreSQL
 * from making a join of that, which would look up all keys for each resource: a hashed subplan stays.
 */
const KEYS_PROBED_MAX = 32;

/**
 * SQL that is true where the criterion holds for a row. `offset 0` keeps each look-up as it is written: by (h, rid) or
 * (rid, h), once a row, whatever the planner thinks of the numbers of rows.
 */
export function probe(statement: Statement, criterion: Criterion, row: Row): string {
  switch (criterion.kind) {
    case 'token':
      return token(statement, criterion, row);
    case 'range':
      return range(statement, criterion, row);
    case 'string':
      return string(statement, criterion, row);
    case 'missing':
      return missing(statement, criterion, row);
    case 'id':
      return ids(statement, criterion, row);
    case 'updated':
      return updated(statement, criterion, row);
    case 'chain':
      return chain(statement, criterion, row);
    case 'has':
      return has(statement, criterion, row);
    case 'not':
      return `not ${probe(statement, criterion.of, row)}`;
    case 'and':
      return `(${probes(statement, criterion.of, row).join(' and ')})`;
    case 'or':
      return `(${criterion.of.map((each) => probe(statement, each, row)).join(' or ')})`;
    case 'near':
      return near(statement, criterion, row);
    case 'text':
      return wordsCondition(statement, criterion, `${row.resource}.content`);
    case 'concepts':
    case 'list':
      throw new Error(`${criterion.kind} is replaced before SQL is made`);
  }
}

/**
 * SQL conditions that are true where all criteria hold. Those that read contents are tested last, for PostgreSQL takes
 * them for cheap; and of what the caller may see only, for a content may make them fail.
 *
 * @param visible SQL conditions that tell what may be seen, which hold as well
 */
export function probes(
  statement: Statement,
  criteria: readonly Criterion[],
  row: Row,
  visible: readonly string[] = [],
): readonly string[] {
  if (!criteria.some(readsContents)) {
    return [...visible, ...criteria.map((criterion) => probe(statement, criterion, row))];
  }
  const all = (of: readonly Criterion[]): readonly string[] => of.map((criterion) => probe(statement, criterion, row));
  const others = [...visible, ...all(criteria.filter((criterion) => !readsContents(criterion)))];
  const contents = all(criteria.filter(readsContents));
  return [`case when ${others.join(' and ') || 'true'} then ${contents.join(' and ')} else false end`];
}

/** Whether no index row tells all that is asked. */
export function readsContents(criterion: Criterion): boolean {
  return contains(criterion, 'text');
}

function ids(statement: Statement, { ids, type }: IdCriterion, { resource }: Row): string {
  const condition = `${idOf(resource)} = any(${statement.value(ids, 'text[]')})`;
  return type === undefined
    ? condition
    : `(${resource}.type = ${statement.value(typeNumber(type), 'int2')} and ${condition})`;
}

function near(statement: Statement, criterion: NearCriterion, { rid }: Row): string {
  const x = statement.alias();
  const c = statement.alias();
  return `exists (select 1 from ${circleRows(statement, criterion)} as ${c} ${CIRCLE_COLUMNS} cross join lateral (
    select ${x}.rid from range_idx ${x} where ${x}.rid = ${rid} and ${x}.h = ${c}.h and ${inCircle(x, c)} offset 0) ${x} offset 0)`;
}

function token(statement: Statement, { keys }: TokenCriterion, { rid }: Row): string {
  if (keys.length === 0) {
    return 'false';
  }
  const x = statement.alias();
  if (keys.length === 1) {
    return `exists (select 1 from token_idx ${x} where ${x}.h = ${statement.hash(keys[0] as string)} and ${x}.rid = ${rid} offset 0)`;
  }
  const hashes = statement.hashes(keys);
  return keys.length <= KEYS_PROBED_MAX
    ? `exists (select 1 from token_idx ${x} where ${x}.h = any(${hashes}) and ${x}.rid = ${rid} offset 0)`
    : `(${rid} in (select ${x}.rid from token_idx ${x} where ${x}.h = any(${hashes}))) is true`;
}

function range(statement: Statement, criterion: RangeCriterion, { rid }: Row): string {
  const rows = criterion.boxes.map(({ key, box }) => ({ h: hash64(key, statement.seed), box }));
  if (rows.length === 0) {
    return 'false';
  }
  const x = statement.alias();
  const b = statement.alias();
  const boxes = boxRows(statement, rows);
  return `exists (select 1 from ${boxes} as ${b} (h, lo_min, lo_max, hi_min, hi_max) cross join lateral (
    select ${x}.rid from range_idx ${x} where ${x}.rid = ${rid} and ${x}.h = ${b}.h and ${inBox(x, b)} offset 0) ${x} offset 0)`;
}

/** SQL: rows (h, lo_min, lo_max, hi_min, hi_max). */
export function boxRows(statement: Statement, rows: readonly { h: string; box: Box }[]): string {
  const column = (of: (box: Box) => number): string =>
    statement.value(
      rows.map(({ box }) => of(box)),
      'float8[]',
    );
  const h = statement.value(
    rows.map((row) => row.h),
    'int8[]',
  );
  return `unnest(${h}, ${column((box) => box.loMin)}, ${column((box) => box.loMax)}, ${column((box) => box.hiMin)}, ${column((box) => box.hiMax)})`;
}

/** SQL that is true where a row of range_idx lies in a box. */
export function inBox(x: string, b: string): string {
  return `${x}.lo >= ${b}.lo_min and ${x}.lo <= ${b}.lo_max and ${x}.hi >= ${b}.hi_min and ${x}.hi <= ${b}.hi_max`;
}

function string(statement: Statement, criterion: StringCriterion, { rid }: Row): string {
  if (criterion.values.length === 0) {
    return 'false';
  }
  const x = statement.alias();
  const v = statement.alias();
  return `exists (select 1 from ${stringRows(statement, criterion)} as ${v} (h, low, high, needle) cross join lateral (
    select ${x}.rid from string_idx ${x} where ${x}.rid = ${rid} and ${x}.h = ${v}.h and ${stringCondition(criterion.match, x, v)} offset 0) ${x} offset 0)`;
}

function missing(statement: Statement, { missing: asked, places }: MissingCriterion, { resource }: Row): string {
  const conditions = places.map(({ type, ordinal }) => {
    const bit = statement.value(ordinal, 'int8');
    const set = `case when octet_length(${resource}.present) > ${bit} / 8 then get_bit(${resource}.present, ${bit}) = 1 else false end`;
    return places.length === 1 ? set : `${resource}.type = ${statement.value(typeNumber(type), 'int2')} and ${set}`;
  });
  return `${asked ? 'not ' : ''}(${conditions.join(' or ')})`;
}

function updated(statement: Statement, { intervals }: UpdatedCriterion, { resource }: Row): string {
  const conditions = intervals.map(
    ({ lo, hi }) =>
      `${resource}.updated >= ${statement.value(lo, 'int8')} and ${resource}.updated <= ${statement.value(hi, 'int8')}`,
  );
  return conditions.length === 1 ? (conditions[0] as string) : `(${conditions.join(' or ') || 'false'})`;
}

/**
 * The patient that a reference names stands in the row itself: it is fetched and tested, and the reference is then proven by
 * its posting. Other targets, and resources whose patient was not there when they were written, are looked for among
 * all that refer to a matching resource.
 */
function chain(statement: Statement, criterion: ChainCriterion, row: Row): string {
  const ofPatient = criterion.ofPatient ? criterion.targets.filter(({ type }) => type === 'Patient') : [];
  const others = criterion.ofPatient ? criterion.targets.filter(({ type }) => type !== 'Patient') : criterion.targets;
  const conditions = ofPatient.map((target) => chainOfPatient(statement, { ...criterion, targets: [target] }, row));
  if (others.length > 0) {
    conditions.push(chainOfMembers(statement, { ...criterion, targets: others }, row));
  }
  return conditions.length === 1 ? (conditions[0] as string) : `(${conditions.join(' or ')})`;
}

function chainOfMembers(statement: Statement, criterion: ChainCriterion, { rid }: Row): string {
  const m = statement.alias();
  return `${rid} in (select ${m}.rid from (${membersOf(statement, criterion, [])?.sql}) ${m})`;
}

function chainOfPatient(statement: Statement, criterion: ChainCriterion, row: Row): string {
  const [target] = criterion.targets;
  if (target === undefined) {
    return 'false';
  }
  const i = statement.alias();
  const x = statement.alias();
  const patient = `${row.resource}.patient`;
  const h = statement.hashWithId(keyOf(criterion.name, resourceForm(target.type, '')), idOf(i));
  const visible = [`not ${i}.deleted`, statement.permitted('search', i, { type: target.type })];
  const inner = probes(statement, [target.where], { rid: patient, resource: i }, visible).join(' and ');
  const named = `exists (select 1 from (select ${patient} as rid) p ${resourceOf('p.rid', i)}
    where ${inner}
    and exists (select 1 from token_idx ${x} where ${x}.h = ${h} and ${x}.rid = ${row.rid} offset 0) offset 0)`;
  return `case when ${patient} is null then ${chainOfMembers(statement, criterion, row)} else ${named} end`;
}

/**
 * Looks up who refers to the row's resource, and of those, for whom the inner criterion holds. In a search over several types
 * the row may be of another type than the reference leads to, with the same id.
 */
function has(statement: Statement, criterion: HasCriterion, row: Row): string {
  const conditions = criterion.targets.map((target) => {
    const x = statement.alias();
    const i = statement.alias();
    const h = statement.hashWithId(keyOf(criterion.name, resourceForm(target, '')), idOf(row.resource));
    const source = statement.value(typeNumber(criterion.type), 'int2');
    const visible = [
      `${i}.type = ${source}`,
      `not ${i}.deleted`,
      statement.permitted('search', i, { type: criterion.type }),
    ];
    const inner = probes(statement, [criterion.where], { rid: `${x}.rid`, resource: i }, visible).join(' and ');
    const names = criterion.canonical
      ? namesTarget(statement, { name: criterion.name, byId: h, posting: x, referrer: i, target: row.resource })
      : `${x}.h = ${h}`;
    const type = statement.value(typeNumber(target), 'int2');
    return `(${row.resource}.type = ${type} and exists (select 1 from token_idx ${x} ${resourceOf(`${x}.rid`, i)}
      where ${names} and ${inner} offset 0))`;
  });
  return conditions.length === 1 ? (conditions[0] as string) : `(${conditions.join(' or ')})`;
}
