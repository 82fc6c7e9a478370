import type { ChangeGrant } from '../access/change-grant.ts';
import type { Caller } from '../model/caller.ts';
import type { Queryable } from '../model/queryable.ts';
import { typeNumber } from '../model/resource-types.ts';
import { type Rid, shardOfRid } from '../model/rid.ts';
import type { PreparedWrite } from './prepared-write.ts';
import { Reading } from './reading.ts';

type Granted = PreparedWrite & { readonly grant: ChangeGrant };

/**
 * Which writes their callers may not do, because they do not reach the row that is there. To be asked before the write,
 * under its locks. A row whose version has moved on is left to the write itself, which is then in conflict.
 */
export async function forbiddenNow(db: Queryable, writes: readonly PreparedWrite[]): Promise<ReadonlySet<Rid>> {
  return asked(
    db,
    writes.filter((write) => write.version > 1),
    ({ current }) => current,
    (part, act, caller) => {
      const reading = new Reading(caller, [
        part.map(({ rid }) => shardOfRid(rid)),
        part.map(({ rid }) => rid),
        part.map(({ version }) => version - 1),
      ]);
      return reading.prepared(
        `forbidden_now_${act}`,
        `select r.rid from unnest($1::int2[], $2::int8[], $3::int4[]) as w (shard, rid, version)
        join resource r on r.shard = w.shard and r.rid = w.rid and r.version = w.version
        where not ${reading.permitted(act, 'r')}`,
      );
    },
  );
}

/**
 * Which writes their callers may not do, because they do not reach the row that will be there: by its patient and its
 * anchor, with the ties as they stand.
 */
export async function forbiddenThen(db: Queryable, writes: readonly PreparedWrite[]): Promise<ReadonlySet<Rid>> {
  return asked(
    db,
    writes.filter((write) => !write.deleted),
    ({ planned }) => planned,
    (part, act, caller) => {
      const reading = new Reading(caller, [
        part.map(({ rid }) => shardOfRid(rid)),
        part.map(({ type }) => typeNumber(type)),
        part.map(({ rid }) => rid),
        part.map(({ patient }) => patient ?? null),
        part.map(({ anchor }) => anchor ?? null),
      ]);
      return reading.prepared(
        `forbidden_then_${act}`,
        `select p.rid from unnest($1::int2[], $2::int2[], $3::int8[], $4::int8[], $5::int8[])
          as p (shard, type, rid, patient, anchor)
        where not ${reading.permitted(act, 'p', { rows: 'planned' })}`,
      );
    },
  );
}

/** Which of these resources a caller may not update. */
export async function notToUpdate(db: Queryable, caller: Caller, rids: readonly Rid[]): Promise<readonly Rid[]> {
  const reading = new Reading(caller, [rids.map(shardOfRid), rids]);
  const result = await db.query<{ rid: Rid }>(
    reading.prepared(
      'not_to_update',
      `select r.rid from unnest($1::int2[], $2::int8[]) as w (shard, rid)
      join resource r on r.shard = w.shard and r.rid = w.rid where not ${reading.permitted('update', 'r')}`,
    ),
  );
  return result.rows.map(({ rid }) => rid);
}

/** Asks for all writes that the same rules speak for at once; for those that need no word, nothing is asked. */
async function asked(
  db: Queryable,
  writes: readonly PreparedWrite[],
  callerOf: (grant: ChangeGrant) => Caller,
  statement: (part: readonly Granted[], act: ChangeGrant['act'], caller: Caller) => ReturnType<Reading['prepared']>,
): Promise<ReadonlySet<Rid>> {
  const granted = writes.filter((write): write is Granted => write.grant !== undefined);
  const forbidden = new Set<Rid>();
  const groups = Map.groupBy(granted, ({ grant }) => `${grant.act} ${keyOf(callerOf(grant))}`);
  for (const part of groups.values()) {
    const { grant } = part[0] as Granted;
    // one after the other: all of them go to the connection of the unit of work
    const { rows } = await db.query<{ rid: Rid }>(statement(part, grant.act, callerOf(grant)));
    for (const { rid } of rows) forbidden.add(rid);
  }
  return forbidden;
}

function keyOf({ access }: Caller): string {
  return typeof access === 'string' ? access : access.key;
}
