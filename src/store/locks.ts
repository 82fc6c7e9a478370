import type { Queryable } from '../model/queryable.ts';
import { type Rid, shardOfRid } from '../model/rid.ts';
import type { PreparedWrite } from './prepared-write.ts';

/**
 * Advisory locks, all held to the end of the transaction. They are taken in the order of the classes, sorted within each;
 * bots that write more than they were called for may break the order, and then PostgreSQL's deadlock detection makes one
 * of two start again.
 *
 *   CRITERIA   exclusive: a conditional create or update with these criteria
 *   ALL        shared by every writer; exclusive for a write with too many locks of the other kinds
 *   SHARD      exclusive: a write that bots care about (its patients' shards); shared: any other write
 *   TARGET     shared: a write that refers to a resource, or was judged by it; exclusive: the deletion of one, any write
 *              of a Questionnaire. In buckets of the rid
 */
const ALL = 10;
const SHARD = 11;
const TARGET = 12;
const CRITERIA = 13;

const TARGET_BUCKETS = 1024;
/** Above this many locks a transaction stops all other writers instead; PostgreSQL's lock table is finite. */
const LOCKS_MAX = 1500;

export interface Locks {
  /** Shards to hold alone. */
  readonly exclusive: readonly number[];
  /** Shards to share with other writers. */
  readonly shared: readonly number[];
  readonly targets: readonly number[];
  /** Buckets of resources that are being deleted, or changed under those who rely on them. */
  readonly deleted: readonly number[];
}

export function targetBucket(rid: Rid): number {
  return Number(BigInt(rid) % BigInt(TARGET_BUCKETS));
}

/** The shard whose lock orders a write: its patient's, or its own. */
export function lockShard(write: { rid: Rid; patient: Rid | undefined }): number {
  return shardOfRid(write.patient ?? write.rid);
}

/**
 * What a set of writes has to hold. A write with outbox events holds its shard alone: its events get their numbers there.
 * @param reliedOn what others may not start to rely on until the transaction ends, besides what is deleted
 */
export function locksFor(writes: readonly PreparedWrite[], reliedOn: readonly Rid[] = []): Locks {
  const exclusive = new Set<number>();
  const shared = new Set<number>();
  const targets = new Set<number>();
  const deleted = new Set(reliedOn.map(targetBucket));
  for (const write of writes) {
    (write.events.length > 0 ? exclusive : shared).add(lockShard(write));
    for (const target of write.targets) {
      targets.add(targetBucket(target.rid));
    }
    if (write.deleted) {
      deleted.add(targetBucket(write.rid));
    }
  }
  return {
    exclusive: sorted(exclusive),
    shared: sorted(shared.difference(exclusive)),
    targets: sorted(targets.difference(deleted)),
    deleted: sorted(deleted),
  };
}

function sorted(numbers: ReadonlySet<number>): number[] {
  return [...numbers].sort((a, b) => a - b);
}

/** Waits until nobody writes, and keeps all others from writing until the transaction ends. */
export async function lockWriters(db: Queryable): Promise<void> {
  await db.query({ name: 'lock_all', text: `select pg_advisory_xact_lock(${ALL}, 0)` });
}

/** Waits for the locks. `alone` is for callers that will add locks later (bots): they hold what they ask for exclusively. */
export async function takeLocks(db: Queryable, locks: Locks): Promise<void> {
  const count = locks.exclusive.length + locks.shared.length + locks.targets.length + locks.deleted.length;
  if (count > LOCKS_MAX) {
    await lockWriters(db);
    return;
  }
  await db.query({
    name: 'lock',
    text: `select pg_advisory_xact_lock_shared(${ALL}, 0),
      (select count(pg_advisory_xact_lock(${SHARD}, k)::text) from unnest($1::int4[]) k),
      (select count(pg_advisory_xact_lock_shared(${SHARD}, k)::text) from unnest($2::int4[]) k),
      (select count(pg_advisory_xact_lock(${TARGET}, k)::text) from unnest($3::int4[]) k),
      (select count(pg_advisory_xact_lock_shared(${TARGET}, k)::text) from unnest($4::int4[]) k)`,
    values: [locks.exclusive, locks.shared, locks.deleted, locks.targets],
  });
}

/**
 * Takes shard locks without waiting, and target locks with (deletions are short).
 * @returns the shards that somebody else holds; writes to them have to leave the batch
 */
export async function tryLocks(db: Queryable, locks: Locks): Promise<ReadonlySet<number>> {
  const result = await db.query<{ busy: number[] | null }>({
    name: 'try_lock',
    text: `select pg_advisory_xact_lock_shared(${ALL}, 0),
      (select count(pg_advisory_xact_lock_shared(${TARGET}, k)::text) from unnest($3::int4[]) k),
      (select array_agg(k) from (
         select k, pg_try_advisory_xact_lock(${SHARD}, k) as got from unnest($1::int4[]) k
         union all
         select k, pg_try_advisory_xact_lock_shared(${SHARD}, k) from unnest($2::int4[]) k
         offset 0) t where not got) as busy`,
    values: [locks.exclusive, locks.shared, locks.targets],
  });
  return new Set(result.rows[0]?.busy ?? []);
}

/** Makes conditional writes with the same criteria wait for each other. `keys` are any strings, the criteria in normal form. */
export async function lockCriteria(db: Queryable, ...keys: readonly string[]): Promise<void> {
  await db.query({
    name: 'lock_criteria',
    text: `select count(pg_advisory_xact_lock(${CRITERIA}, h)::text)
      from (select distinct hashtext(k) as h from unnest($1::text[]) k order by h offset 0) l`,
    values: [keys],
  });
}
