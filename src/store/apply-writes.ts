import type { Queryable } from '../model/queryable.ts';
import { typeNumber } from '../model/resource-types.ts';
import { type Rid, shardOfRid } from '../model/rid.ts';
import { lockShard } from './locks.ts';
import type { PreparedWrite } from './prepared-write.ts';

/*
 * One statement writes any number of resources with all that belongs to them. A write whose predecessor is not the
 * version that it expects (or whose rid is taken) writes nothing at all; its rid is missing from the answer.
 *
 * $1–$11 the resources, $12–$20 postings to add, $21–$29 postings to remove, $30–$37 outbox events.
 */
const INPUT = `input as materialized (
  select * from unnest($1::int2[], $2::int2[], $3::int4[], $4::int8[], $5::int8[], $6::int8[], $7::int8[], $8::bool[],
    $9::text[], $10::bytea[], $11::text[])
  as i (shard, type, version, rid, updated, date, patient, deleted, id, present, content))`;

const CREATED = `created as (
  insert into resource (shard, type, version, rid, updated, date, patient, deleted, id, present, content)
  select shard, type, version, rid, updated, date, patient, deleted, id, present, content from input where version = 1
  on conflict do nothing returning rid, type, id)`;

const LOCATED = `located as (
  insert into locator (type, id, rid) select type, id, rid from created where id is not null)`;

const CHANGED = `old as materialized (
  select r.shard, r.type, r.version, r.rid, r.updated, r.deleted, r.id, r.content
  from resource r join input i on r.shard = i.shard and r.rid = i.rid and r.version = i.version - 1
  where i.version > 1 for update of r),
kept as (
  insert into history (shard, type, version, rid, updated, deleted, id, content)
  select shard, type, version, rid, updated, deleted, id, content from old),
changed as (
  update resource r set version = i.version, updated = i.updated, date = i.date, patient = i.patient,
    deleted = i.deleted, present = i.present, content = i.content
  from input i, old o
  where o.rid = i.rid and o.shard = i.shard and r.shard = i.shard and r.rid = i.rid and r.version = i.version - 1
  returning r.rid)`;

const ADDED = `tokens as (
  insert into token_idx (h, rid, param, shard)
  select h, rid, param, ((rid >> 10) & 4095)::int2
  from unnest($12::int8[], $13::int8[], $14::int4[]) as t (h, rid, param) where rid in (select rid from done)),
ranges as (
  insert into range_idx (h, rid, param, shard, lo, hi)
  select h, rid, param, ((rid >> 10) & 4095)::int2, lo, hi
  from unnest($15::int8[], $16::int8[], $17::int4[], $18::float8[], $19::float8[]) as t (h, rid, param, lo, hi)
  where rid in (select rid from done)),
strings as (
  insert into string_idx (h, rid, param, shard, value, exact)
  select h, rid, param, ((rid >> 10) & 4095)::int2, value, exact
  from unnest($20::int8[], $21::int8[], $22::int4[], $23::text[], $24::text[]) as t (h, rid, param, value, exact)
  where rid in (select rid from done))`;

const EVENTS = `events as (
  insert into outbox (shard, n, stream, bot, type, rid, version, interaction, due)
  select e.shard, e.k + coalesce((select max(o.n) from outbox o where o.shard = e.shard), 0),
    e.stream, e.bot, e.type, e.rid, e.version, e.interaction, e.due
  from (select *, row_number() over (partition by shard order by position) as k
        from unnest($25::int2[], $26::int8[], $27::text[], $28::int2[], $29::int8[], $30::int4[], $31::text[], $32::int8[])
          with ordinality as e (shard, stream, bot, type, rid, version, interaction, due, position)
        where rid in (select rid from done)) e)`;

const REMOVED = `tokens_gone as (
  delete from token_idx t using unnest($33::int8[], $34::int8[]) as d (h, rid)
  where t.h = d.h and t.rid = d.rid and d.rid in (select rid from done)),
ranges_gone as (
  delete from range_idx t using unnest($35::int8[], $36::int8[], $37::float8[], $38::float8[]) as d (h, rid, lo, hi)
  where t.h = d.h and t.rid = d.rid and t.lo = d.lo and t.hi = d.hi and d.rid in (select rid from done)),
strings_gone as (
  delete from string_idx t using unnest($39::int8[], $40::int8[], $41::text[], $42::text[]) as d (h, rid, value, exact)
  where t.h = d.h and t.rid = d.rid and t.value = d.value and t.exact is not distinct from d.exact
    and d.rid in (select rid from done))`;

const CREATE_TEXT = `with ${INPUT}, ${CREATED}, ${LOCATED}, done as materialized (select rid from created),
${ADDED}, ${EVENTS} select rid from done`;

const CHANGE_TEXT = `with ${INPUT}, ${CREATED}, ${LOCATED}, ${CHANGED},
done as materialized (select rid from created union all select rid from changed),
${ADDED}, ${EVENTS}, ${REMOVED} select rid from done`;

/** Writes that one statement takes; more are sent in several. */
const STATEMENT_MAX = 500;

/**
 * Stores writes within the caller's transaction.
 * @returns the rids that were written; the others were in conflict and wrote nothing
 */
export async function applyWrites(db: Queryable, writes: readonly PreparedWrite[]): Promise<ReadonlySet<Rid>> {
  const done = new Set<Rid>();
  for (let from = 0; from < writes.length; from += STATEMENT_MAX) {
    const part = writes.slice(from, from + STATEMENT_MAX);
    const creates = part.every((write) => write.version === 1);
    const result = await db.query<{ rid: Rid }>({
      name: creates ? 'create' : 'change',
      text: creates ? CREATE_TEXT : CHANGE_TEXT,
      values: creates
        ? [...resourceColumns(part), ...addedColumns(part)]
        : [...resourceColumns(part), ...addedColumns(part), ...removedColumns(part)],
    });
    for (const row of result.rows) {
      done.add(row.rid);
    }
  }
  return done;
}

function resourceColumns(writes: readonly PreparedWrite[]): unknown[] {
  return [
    writes.map((w) => shardOfRid(w.rid)),
    writes.map((w) => typeNumber(w.type)),
    writes.map((w) => w.version),
    writes.map((w) => w.rid),
    writes.map((w) => w.updated),
    writes.map((w) => (w.date === undefined ? null : Math.round(w.date))),
    writes.map((w) => w.patient ?? null),
    writes.map((w) => w.deleted),
    writes.map((w) => (w.clientId ? w.id : null)),
    writes.map((w) => w.present),
    writes.map((w) => w.content),
  ];
}

function addedColumns(writes: readonly PreparedWrite[]): unknown[] {
  const tokens = writes.flatMap((w) => w.add.tokens.map((t) => ({ ...t, rid: w.rid })));
  const ranges = writes.flatMap((w) => w.add.ranges.map((t) => ({ ...t, rid: w.rid })));
  const strings = writes.flatMap((w) => w.add.strings.map((t) => ({ ...t, rid: w.rid })));
  const events = writes.flatMap((w) => w.events.map((e) => ({ ...e, write: w })));
  return [
    tokens.map((t) => t.h),
    tokens.map((t) => t.rid),
    tokens.map((t) => t.param),
    ranges.map((t) => t.h),
    ranges.map((t) => t.rid),
    ranges.map((t) => t.param),
    ranges.map((t) => t.lo),
    ranges.map((t) => t.hi),
    strings.map((t) => t.h),
    strings.map((t) => t.rid),
    strings.map((t) => t.param),
    strings.map((t) => t.value),
    strings.map((t) => (t.exact === t.value ? null : t.exact)),
    events.map((e) => lockShard(e.write)),
    events.map((e) => e.write.patient ?? e.write.rid),
    events.map((e) => e.bot),
    events.map((e) => typeNumber(e.write.type)),
    events.map((e) => e.write.rid),
    events.map((e) => e.write.version),
    events.map((e) => e.interaction),
    events.map((e) => e.due),
  ];
}

function removedColumns(writes: readonly PreparedWrite[]): unknown[] {
  const tokens = writes.flatMap((w) => w.remove.tokens.map((t) => ({ ...t, rid: w.rid })));
  const ranges = writes.flatMap((w) => w.remove.ranges.map((t) => ({ ...t, rid: w.rid })));
  const strings = writes.flatMap((w) => w.remove.strings.map((t) => ({ ...t, rid: w.rid })));
  return [
    tokens.map((t) => t.h),
    tokens.map((t) => t.rid),
    ranges.map((t) => t.h),
    ranges.map((t) => t.rid),
    ranges.map((t) => t.lo),
    ranges.map((t) => t.hi),
    strings.map((t) => t.h),
    strings.map((t) => t.rid),
    strings.map((t) => t.value),
    strings.map((t) => (t.exact === t.value ? null : t.exact)),
  ];
}
