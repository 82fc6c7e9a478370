import type { Queryable } from '../model/queryable.ts';
import { typeNumber } from '../model/resource-types.ts';
import { type Rid, shardOfRid } from '../model/rid.ts';
import type { PreparedWrite, Target } from './prepared-write.ts';

/** Why a target does not hold: it is not there (any more), or it is not the version that the write was judged by. */
export type TargetFault = 'missing' | 'changed';

/**
 * Looks up what writes refer to; to be called under the target locks, in a statement after the one that took them.
 * Targets that are themselves among `writes` count as they will be.
 * @returns the faulty targets
 */
export async function faultyTargets(
  db: Queryable,
  writes: readonly PreparedWrite[],
): Promise<ReadonlyMap<Rid, TargetFault>> {
  const pending = new Map(writes.map((write) => [write.rid, write]));
  const faults = new Map<Rid, TargetFault>();
  const wanted = new Map<Rid, Target>();
  for (const target of writes.flatMap((write) => write.targets)) {
    const write = pending.get(target.rid);
    if (write === undefined || (write.version > 1 && !write.deleted)) {
      wanted.set(target.rid, target.version === undefined ? (wanted.get(target.rid) ?? target) : target);
    } else if (write.deleted) {
      faults.set(target.rid, 'missing');
    }
  }
  if (wanted.size === 0) {
    return faults;
  }
  const targets = [...wanted.values()];
  const result = await db.query<{ rid: Rid; type: number | null; version: number; deleted: boolean }>({
    name: 'targets',
    text: `select w.rid, r.type, r.version, r.deleted from unnest($1::int2[], $2::int8[]) as w (shard, rid)
      left join resource r on r.shard = w.shard and r.rid = w.rid`,
    values: [targets.map((t) => shardOfRid(t.rid)), targets.map((t) => t.rid)],
  });
  for (const row of result.rows) {
    const target = wanted.get(row.rid);
    if (row.type === null || row.deleted || (target && row.type !== typeNumber(target.type))) {
      faults.set(row.rid, 'missing');
    } else if (target?.version !== undefined && target.version !== row.version) {
      faults.set(row.rid, 'changed');
    }
  }
  return faults;
}
