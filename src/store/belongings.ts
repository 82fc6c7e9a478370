import { withinReach } from '../access/change-grant.ts';
import type { Caller } from '../model/caller.ts';
import type { Queryable } from '../model/queryable.ts';
import { resourceTypes, typeNumber } from '../model/resource-types.ts';
import { type Rid, shardOfRid } from '../model/rid.ts';
import { Reading } from './reading.ts';

/** Where a resource belongs. */
export interface Belonging {
  readonly patient: Rid | undefined;
  readonly anchor: Rid | undefined;
  /** Whether it is within the caller's reach: see withinReach. */
  readonly within: boolean;
}

/** Where resources belong, deleted ones too; those that are not here, or are of another type than named, are left out. */
export async function belongings(
  db: Queryable,
  caller: Caller,
  wanted: readonly { readonly type: string; readonly rid: Rid }[],
): Promise<ReadonlyMap<Rid, Belonging>> {
  const reading = new Reading(withinReach(caller, resourceTypes), [
    wanted.map(({ rid }) => shardOfRid(rid)),
    wanted.map(({ rid }) => rid),
    wanted.map(({ type }) => typeNumber(type)),
  ]);
  const result = await db.query<{ rid: Rid; patient: Rid | null; anchor: Rid | null; within: boolean }>(
    reading.prepared(
      'belongings',
      `select r.rid, r.patient, r.anchor, ${reading.permitted('read', 'r')} as within
      from unnest($1::int2[], $2::int8[], $3::int2[]) as w (shard, rid, type)
      join resource r on r.shard = w.shard and r.rid = w.rid and r.type = w.type`,
    ),
  );
  return new Map(
    result.rows.map(({ rid, patient, anchor, within }) => [
      rid,
      { patient: patient ?? undefined, anchor: anchor ?? undefined, within },
    ]),
  );
}
