import { systemCaller } from '../../model/caller.ts';
import type { Queryable } from '../../model/queryable.ts';
import { typeNumber } from '../../model/resource-types.ts';
import { type Rid, shardOfRid } from '../../model/rid.ts';
import { ERASED } from '../../store/erased.ts';
import type { Postings } from '../../store/prepared-write.ts';
import { read } from '../../store/read.ts';
import type { Own } from './found.ts';

/**
 * Lets what stays belong to nothing that is erased: it is in the compartment of no patient who is gone, and what hung on
 * one of the courses hangs on the hospital of that.
 */
export async function detach(db: Queryable, patient: Rid, own: readonly Own[], others: readonly Rid[]): Promise<void> {
  const rids = own.map(({ rid }) => rid);
  const hospitals = await hospitalsOf(db, rids);
  for (const table of ['resource', 'history']) {
    await db.query({
      text: `update ${table} set patient = null where patient = $1 and rid = any($2::int8[])`,
      values: [patient, others],
    });
    await db.query({
      text: `update ${table} x set anchor = w.hospital from unnest($1::int8[], $2::int8[]) as w (anchor, hospital)
        where x.anchor = w.anchor and x.rid <> all($1::int8[])`,
      values: [rids, rids.map((rid) => hospitals.get(rid) ?? null)],
    });
  }
}

/** The Organization to which an anchor is tied. */
async function hospitalsOf(db: Queryable, anchors: readonly Rid[]): Promise<ReadonlyMap<Rid, Rid>> {
  const { rows } = await db.query<{ rid: Rid; label: string }>({
    text: `select rid, min(label) as label from tie
      where rid = any($1::int8[]) and label ~ '^Organization/[^ ]+$' group by rid`,
    values: [anchors],
  });
  const found = new Map<Rid, Rid>();
  for (const { rid, label } of rows) {
    const organization = await read(db, systemCaller, 'Organization', label.slice('Organization/'.length));
    if (organization !== undefined) found.set(rid, organization.rid);
  }
  return found;
}

/** Deletes all rows of a record: versions, places, index rows, events, ties, the restriction. */
export async function deleteRows(db: Queryable, patient: Rid, own: readonly Own[]): Promise<void> {
  const rids = own.map(({ rid }) => rid);
  const shards = rids.map(shardOfRid);
  const ofRids = 'using unnest($1::int2[], $2::int8[]) as w (shard, rid) where x.shard = w.shard and x.rid = w.rid';
  for (const table of ['resource', 'history', 'tie']) {
    await db.query({ text: `delete from ${table} x ${ofRids}`, values: [shards, rids] });
  }
  // what was this patient's before it was moved to another
  await db.query({ text: 'delete from history where patient = $1', values: [patient] });
  await db.query({
    text: 'delete from locator where (type, id) in (select * from unnest($1::int2[], $2::text[]))',
    values: [own.map(({ type }) => typeNumber(type)), own.map(({ id }) => id)],
  });
  for (const table of ['token_idx', 'range_idx', 'string_idx']) {
    await db.query({ text: `delete from ${table} where rid = any($1::int8[])`, values: [rids] });
  }
  await db.query({
    text: 'delete from outbox where stream = $1 or rid = any($2::int8[])',
    values: [patient, rids],
  });
  await db.query({ text: 'delete from restriction where patient = $1', values: [patient] });
}

/**
 * Leaves a tombstone where something was: number, type, and that it was erased.
 * @param anchor the hospital that erased, whose systems are told 410; undefined: only whoever may see everything
 */
export async function putTombstones(
  db: Queryable,
  erased: readonly Own[],
  now: Date,
  anchor: Rid | undefined,
): Promise<void> {
  await db.query({
    text: `insert into resource (shard, type, version, rid, updated, date, patient, anchor, deleted, id, present, content)
      select shard, type, 1, rid, $4, null, null, $5, true, null, '', $6
      from unnest($1::int2[], $2::int2[], $3::int8[]) as t (shard, type, rid)`,
    values: [
      erased.map(({ rid }) => shardOfRid(rid)),
      erased.map(({ type }) => typeNumber(type)),
      erased.map(({ rid }) => rid),
      now.getTime(),
      anchor ?? null,
      ERASED,
    ],
  });
}

/** A row of `resource` or `history`. */
export interface VersionText {
  readonly table: 'resource' | 'history';
  readonly rid: Rid;
  readonly version: number;
  readonly content: string;
}

/** All versions of resources, the current ones first. */
export async function versionsOf(db: Queryable, rids: readonly Rid[]): Promise<readonly VersionText[]> {
  const { rows } = await db.query<VersionText>({
    text: `select 'resource' as table, rid, version, content from resource where rid = any($1::int8[]) and not deleted
      union all select 'history', rid, version, content from history where rid = any($1::int8[]) and not deleted`,
    values: [rids],
  });
  return rows;
}

/** Puts another text in the place of a version, which keeps its number: nobody is to find what stood there. */
export async function replaceVersion(db: Queryable, { table, rid, version }: VersionText, text: string): Promise<void> {
  await db.query({
    text: `update ${table} set content = $4 where shard = $1 and rid = $2 and version = $3`,
    values: [shardOfRid(rid), rid, version, text],
  });
}

/** Makes the index rows of a resource anew. */
export async function replacePostings(
  db: Queryable,
  rid: Rid,
  present: Buffer,
  { tokens, ranges, strings }: Postings,
): Promise<void> {
  const shard = shardOfRid(rid);
  for (const table of ['token_idx', 'range_idx', 'string_idx']) {
    await db.query({ text: `delete from ${table} where rid = $1`, values: [rid] });
  }
  await db.query({
    text: 'update resource set present = $3 where shard = $1 and rid = $2',
    values: [shard, rid, present],
  });
  await db.query({
    text: `insert into token_idx (h, rid, param, shard)
      select h, $1, param, $2 from unnest($3::int8[], $4::int4[]) as x (h, param)`,
    values: [rid, shard, tokens.map(({ h }) => h), tokens.map(({ param }) => param)],
  });
  await db.query({
    text: `insert into range_idx (h, rid, param, shard, lo, hi)
      select h, $1, param, $2, lo, hi from unnest($3::int8[], $4::int4[], $5::float8[], $6::float8[]) as x (h, param, lo, hi)`,
    values: [
      rid,
      shard,
      ranges.map(({ h }) => h),
      ranges.map(({ param }) => param),
      ranges.map(({ lo }) => lo),
      ranges.map(({ hi }) => hi),
    ],
  });
  await db.query({
    text: `insert into string_idx (h, rid, param, shard, value, exact)
      select h, $1, param, $2, value, nullif(exact, value)
      from unnest($3::int8[], $4::int4[], $5::text[], $6::text[]) as x (h, param, value, exact)`,
    values: [
      rid,
      shard,
      strings.map(({ h }) => h),
      strings.map(({ param }) => param),
      strings.map(({ value }) => value),
      strings.map(({ exact }) => exact),
    ],
  });
}
