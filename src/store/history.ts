import { permitted } from '../access/predicate.ts';
import type { Caller } from '../model/caller.ts';
import type { Queryable } from '../model/queryable.ts';
import { typeNumber } from '../model/resource-types.ts';
import { type Rid, shardOfRid } from '../model/rid.ts';
import type { StoredVersion } from '../model/stored.ts';
import { toStoredVersion, type VersionRow, versionColumns } from '../model/version-row.ts';
import { Reading } from './reading.ts';

export interface HistoryScope {
  readonly rid?: Rid;
  /** Of the resource, where rid is given. All types where neither is. */
  readonly type?: string;
  /** ms since 1970: only versions made at or after. */
  readonly since?: number;
  /** ms since 1970, both ends included: only versions that were current at some point of this time. */
  readonly at?: { readonly lo: number; readonly hi: number };
  /** Only what stands behind this place in the list. */
  readonly after?: HistoryPlace;
  /** How many versions are passed over before the first. */
  readonly skip?: number;
}

/** A place in a history, which runs from the newest version to the oldest. */
export interface HistoryPlace {
  readonly updated: number;
  readonly rid: Rid;
  readonly version: number;
}

/** Versions, newest first, at most `limit`. */
export async function history(
  db: Queryable,
  caller: Caller,
  scope: HistoryScope,
  limit: number,
): Promise<readonly StoredVersion[]> {
  const values: unknown[] = [limit + (scope.skip ?? 0), scope.skip ?? 0];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = scopeConditions(scope, bind);
  const behind = placeCondition(scope.after, bind);
  if (scope.at !== undefined) {
    where.push(`x.updated <= ${bind(scope.at.hi)}`);
  }
  // a place in what was current at a time says nothing of the versions that are not in that list
  const early = scope.at === undefined ? behind : [];
  const late = scope.at === undefined ? [] : behind;
  const act = scope.rid === undefined ? 'search' : 'read';
  const typed = (value: unknown, type: string): string => `${bind(value)}::${type}`;
  const condition = (alias: 'r' | 'h'): string =>
    [
      permitted(caller, act, alias, typed, { type: scope.type, rows: alias === 'h' ? 'superseded' : 'current' }),
      ...[...where, ...early].map((part) => part.replaceAll('x.', `${alias}.`)),
    ].join(' and ');
  const part = (table: string, alias: 'r' | 'h'): string =>
    `(select ${versionColumns(alias)} from ${table} ${alias} where ${condition(alias)}
      order by ${alias}.updated desc, ${alias}.rid desc, ${alias}.version desc ${scope.at === undefined ? 'limit $1::int8' : ''})`;
  const union = `${part('resource', 'r')} union all ${part('history', 'h')}`;
  // _at: what had been made by the end of the time, and had not been superseded before it began
  const source =
    scope.at === undefined
      ? union
      : `select * from (select v.*, lead(v.updated) over (partition by v.rid order by v.version) as next from (${union}) v) w
        where next is null or next > ${bind(scope.at.lo)}`;
  const result = await db.query<VersionRow>({
    text: `select * from (${source}) t where ${['true', ...late].join(' and ').replaceAll('x.', 't.')} order by updated desc, rid desc, version desc limit $1::int8 - $2::int8 offset $2::int8`,
    values,
  });
  return result.rows.map(toStoredVersion);
}

function scopeConditions(scope: HistoryScope, bind: (value: unknown) => string): string[] {
  const where: string[] = [];
  if (scope.rid !== undefined) {
    where.push(`x.shard = ${bind(shardOfRid(scope.rid))}`, `x.rid = ${bind(scope.rid)}`);
  } else if (scope.type !== undefined) {
    where.push(`x.type = ${bind(typeNumber(scope.type))}`);
  }
  if (scope.since !== undefined) {
    where.push(`x.updated >= ${bind(scope.since)}`);
  }
  return where;
}

function placeCondition(after: HistoryPlace | undefined, bind: (value: unknown) => string): string[] {
  if (after === undefined) {
    return [];
  }
  const { updated, rid, version } = after;
  return [`(x.updated, x.rid, x.version) < (${bind(updated)}::int8, ${bind(rid)}::int8, ${bind(version)}::int4)`];
}

/** How many versions a history has. */
export async function historyTotal(
  db: Queryable,
  caller: Caller,
  { rid, type }: { readonly rid: Rid; readonly type: string },
): Promise<number> {
  const reading = new Reading(caller, [shardOfRid(rid), rid]);
  const superseded = reading.permitted('read', 'h', { type, rows: 'superseded' });
  const result = await db.query<{ total: string }>(
    reading.prepared(
      'history_total',
      `select (select count(*) from resource r where r.shard = $1 and r.rid = $2 and ${reading.permitted('read', 'r', { type })})
      + (select count(*) from history h where h.shard = $1 and h.rid = $2 and ${superseded}) as total`,
    ),
  );
  return Number(result.rows[0]?.total ?? 0);
}
