import type { Queryable } from '../model/queryable.ts';
import { typeNumber } from '../model/resource-types.ts';
import { type Rid, shardOfRid } from '../model/rid.ts';
import type { PreparedWrite, Target } from './prepared-write.ts';

/** Why a target does not hold: it is not there (any more), or it is not the version that the write was judged by. */
export type TargetFault = 'missing' | 'changed';

/** The targets that do not hold, each as its write names it. */
export type TargetFaults = ReadonlyMap<Target, TargetFault>;

/**
 * Looks up what writes refer to; to be called under the target locks, in a statement after the one that took them.
 *
 * @param together the writes are all done or none: what they create and delete counts as it will be. Otherwise each
 *   write has to hold by itself, since another may be left out
 */
export async function faultyTargets(
  db: Queryable,
  writes: readonly PreparedWrite[],
  together: boolean,
): Promise<TargetFaults> {
  const pending = new Map(together ? writes.map((write) => [write.rid, write]) : []);
  const faults = new Map<Target, TargetFault>();
  const wanted: Target[] = [];
  /** Written by one of the writes, so that they are there afterwards even where they were deleted. */
  const written = new Set<Target>();
  for (const write of writes) {
    for (const target of write.targets) {
      const other = target.rid === write.rid ? write : pending.get(target.rid);
      if (other !== undefined && (other.deleted || other.type !== target.type)) {
        faults.set(target, 'missing');
      } else if (other === undefined || other.version > 1) {
        wanted.push(target);
        if (other !== undefined) {
          written.add(target);
        }
      }
    }
  }
  for (const [target, fault] of await lookUp(db, wanted, written)) {
    faults.set(target, fault);
  }
  return faults;
}

/**
 * Which targets do not hold by what is stored now.
 * @param written those that count as there even where they are deleted
 */
export async function lookUp(
  db: Queryable,
  wanted: readonly Target[],
  written: ReadonlySet<Target> = new Set(),
): Promise<TargetFaults> {
  const faults = new Map<Target, TargetFault>();
  if (wanted.length === 0) {
    return faults;
  }
  const rids = [...new Set(wanted.map((target) => target.rid))];
  const result = await db.query<{ rid: Rid; type: number; version: number; deleted: boolean }>({
    name: 'targets',
    text: `select r.rid, r.type, r.version, r.deleted from unnest($1::int2[], $2::int8[]) as w (shard, rid)
      join resource r on r.shard = w.shard and r.rid = w.rid`,
    values: [rids.map(shardOfRid), rids],
  });
  const found = new Map(result.rows.map((row) => [row.rid, row]));
  for (const target of wanted) {
    const row = found.get(target.rid);
    if (row === undefined || (row.deleted && !written.has(target)) || row.type !== typeNumber(target.type)) {
      faults.set(target, 'missing');
    } else if (target.version !== undefined && target.version !== row.version) {
      faults.set(target, 'changed');
    }
  }
  return faults;
}
