import type { Act, Bind, Rule } from '../model/access.ts';
import type { Caller } from '../model/caller.ts';
import { typeNumber } from '../model/resource-types.ts';

/** Rows of which a predicate is asked: of `resource`, of `history`, or of a write that is yet to be stored. */
export type RowKind = 'current' | 'superseded' | 'planned';

export interface PredicateOptions {
  /** The type of all rows, where the statement sees to that: rules on other types fall away. */
  readonly type?: string;
  readonly rows?: RowKind;
}

/**
 * SQL that is true for the rows to which the caller may do something; to be joined by `and` in every statement that
 * touches resources. It needs the columns shard, type, rid, patient and anchor, and is never null. Its text depends on
 * the shape of the rules, its values are bound.
 *
 * A superseded version can be reached if both it and the current version can: a resource that has moved to another
 * patient or hospital shows neither side what the other's was. Where search criteria decide, superseded versions, which
 * have no index rows, are out of reach.
 *
 * @param alias of the row
 */
export function permitted(
  caller: Caller,
  act: Act,
  alias: string,
  bind: Bind,
  { type, rows = 'current' }: PredicateOptions = {},
): string {
  if (typeof caller.access === 'string') {
    return caller.access === 'all' ? 'true' : 'false';
  }
  const rules = caller.access.rules.filter(
    (rule) =>
      rule.acts.includes(act) &&
      rule.types.length > 0 &&
      (type === undefined || rule.types.includes(type)) &&
      (rows !== 'superseded' || rule.where === undefined || rule.where.length === 0),
  );
  if (rules.length === 0) {
    return 'false';
  }
  const own = any(rules.map((rule) => ruleSql(rule, alias, bind, type)));
  if (rows !== 'superseded') {
    return own;
  }
  const current = `${alias}c`;
  const also = permitted(caller, act, current, bind, { ...(type === undefined ? {} : { type }), rows: 'current' });
  return `(${own} and exists (select 1 from resource ${current}
    where ${current}.shard = ${alias}.shard and ${current}.rid = ${alias}.rid and ${also} offset 0))`;
}

function ruleSql({ types, ties, patient, where }: Rule, alias: string, bind: Bind, type: string | undefined): string {
  const parts: string[] = [];
  if (type === undefined) {
    parts.push(`${alias}.type = any(${bind(types.map(typeNumber), 'int2[]')})`);
  }
  if (patient !== undefined) {
    parts.push(`${alias}.patient is not distinct from ${bind(patient, 'int8')}`);
  }
  if (ties !== undefined) {
    parts.push(
      `(coalesce(${alias}.anchor = any(${bind(ties.anchors, 'int8[]')}), false)
        or exists (select 1 from tie where tie.shard = ${alias}.shard and tie.rid = ${alias}.anchor
          and tie.label = any(${bind(ties.labels, 'text[]')}) offset 0))`,
      // what a patient has restricted, staff do not see (GDPR, article 18)
      `not exists (select 1 from restriction where restriction.shard = ${alias}.shard
        and restriction.patient = ${alias}.patient offset 0)`,
    );
  }
  for (const condition of where ?? []) {
    parts.push(`(${condition.sql(alias, bind)}) is true`);
  }
  return parts.length === 0 ? 'true' : `(${parts.join(' and ')})`;
}

function any(conditions: readonly string[]): string {
  return conditions.length === 1 ? (conditions[0] as string) : `(${conditions.join(' or ')})`;
}

/** Whether the caller may do something to resources of a type at all: tells a forbidden act (403) from an empty answer. */
export function mayAtAll(caller: Caller, act: Act, type: string): boolean {
  const { access } = caller;
  return typeof access === 'string'
    ? access === 'all'
    : access.rules.some((rule) => rule.acts.includes(act) && rule.types.includes(type));
}
