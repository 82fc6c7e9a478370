import type { Act, Bind } from '../model/access.ts';
import type { Caller } from '../model/caller.ts';
import { typeNumber } from '../model/resource-types.ts';
import { type Reach, reachesOf } from './reaches.ts';

/**
 * Rows of which a predicate is asked: of `resource`, of `history`, or of a write that is yet to be stored. Conditions on
 * rows (a rule's `where`) are judged by index rows, which only a current resource has: of the others, rules that have
 * some reach nothing.
 */
export type RowKind = 'current' | 'superseded' | 'planned';

export interface PredicateOptions {
  /** The type of all rows, where the statement sees to that: rules on other types fall away. */
  readonly type?: string | undefined;
  readonly rows?: RowKind;
  /** Restricted records too: for those who have to answer their patients (GDPR, article 12), and only to tell their reach. */
  readonly evenRestricted?: boolean;
  /** Of many rows: what is in reach is looked up as a whole, once, and not for each row. */
  readonly many?: boolean;
}

/**
 * SQL that is true for the rows to which the caller may do something; to be joined by `and` in every statement that
 * touches resources. It needs the columns shard, type, rid, patient and anchor, and is never null. Its text depends on
 * the shape of the rules, its values are bound.
 *
 * A superseded version can be reached if both it and the current version can: a resource that has moved to another
 * patient or hospital shows neither side what the other's was.
 *
 * @param alias of the row
 */
export function permitted(
  caller: Caller,
  act: Act,
  alias: string,
  bind: Bind,
  { type, rows = 'current', evenRestricted = false, many = false }: PredicateOptions = {},
): string {
  const { access } = caller;
  if (typeof access === 'string') {
    return access === 'all' ? 'true' : 'false';
  }
  const reaches = reachesOf(access, act, type, rows === 'current');
  if (reaches.length === 0) {
    return 'false';
  }
  const own = any(
    reaches.map((reach) => within(reach, alias, bind, { ofAnyType: type === undefined, evenRestricted, many })),
  );
  if (rows !== 'superseded') {
    return own;
  }
  const current = `${alias}c`;
  const also = permitted(caller, act, current, bind, { type, evenRestricted, many });
  return `(${own} and exists (select 1 from resource ${current}
    where ${current}.shard = ${alias}.shard and ${current}.rid = ${alias}.rid and ${also} offset 0))`;
}

function within(
  { types, patient, ties, where }: Reach,
  alias: string,
  bind: Bind,
  { ofAnyType, evenRestricted, many }: Record<'ofAnyType' | 'evenRestricted' | 'many', boolean>,
): string {
  const parts: string[] = [];
  if (ofAnyType) {
    parts.push(`${alias}.type = any(${bind(types, 'int2[]')})`);
  }
  if (patient !== undefined) {
    parts.push(`coalesce(${alias}.patient = ${bind(patient, 'int8')}, false)`);
  }
  if (ties !== undefined) {
    const { labels, anchors } = ties;
    const ways = [
      ...(anchors.length > 0 ? [`coalesce(${alias}.anchor = any(${bind(anchors, 'int8[]')}), false)`] : []),
      ...(labels.length > 0
        ? [
            many
              ? `(${alias}.anchor in (select tie.rid from tie where tie.label = any(${bind(labels, 'text[]')}))) is true`
              : `exists (select 1 from tie where tie.shard = ${shardOf(`${alias}.anchor`)} and tie.rid = ${alias}.anchor
              and tie.label = any(${bind(labels, 'text[]')}) offset 0)`,
          ]
        : []),
    ];
    parts.push(any(ways));
  }
  if (!evenRestricted && (ties !== undefined || patient === undefined)) {
    parts.push(...unrestricted(alias));
  }
  for (const condition of where) {
    parts.push(`(${condition.sql(alias, bind)}) is true`);
  }
  return parts.length === 1 ? (parts[0] as string) : `(${parts.join(' and ')})`;
}

/** What may be an anchor and is about a patient. */
const COURSES = ['Patient', 'EpisodeOfCare', 'ServiceRequest'].map(typeNumber).join();

/**
 * What a patient has restricted, the patient alone sees (GDPR, article 18); what names no patient and hangs on one of the
 * courses is of the record too. They are few: PostgreSQL reads them once for a statement, which costs less than a look
 * for each row, and the courses only where a row names no patient.
 */
function unrestricted(alias: string): readonly string[] {
  return [
    `(${alias}.patient is null or ${alias}.patient <> all (array(select patient from restriction)))`,
    `(${alias}.patient is not null or ${alias}.anchor is null or ${alias}.anchor <> all (array(
      select course.rid from restriction s join resource course on course.patient = s.patient and course.type in (${COURSES}))))`,
  ];
}

/** The shard of a rid: not the row's own, for a client may have given the row an id that puts it elsewhere. */
function shardOf(rid: string): string {
  return `((${rid} >> 10) & 4095)::int2`;
}

function any(conditions: readonly string[]): string {
  return conditions.length === 1 ? (conditions[0] as string) : `(${conditions.join(' or ')})`;
}

/** Whether the caller may do something to resources of a type at all: tells a forbidden act (403) from an empty answer. */
export function mayAtAll({ access }: Caller, act: Act, type: string): boolean {
  return typeof access === 'string' ? access === 'all' : reachesOf(access, act, type, true).length > 0;
}
