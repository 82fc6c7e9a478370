import type { Queryable } from '../model/queryable.ts';
import { typeNumber } from '../model/resource-types.ts';
import { type Rid, shardOfRid } from '../model/rid.ts';
import { AUDIT_COLUMNS, auditValues } from './audit-row.ts';
import { lockShard } from './locks.ts';
import type { PreparedWrite } from './prepared-write.ts';

/*
 * One statement writes any number of resources with all that belongs to them. A write whose predecessor is not the
 * version that it expects (or whose rid is taken), or that was worked out by other definitions than those in force,
 * writes nothing at all; its rid is missing from the answer.
 *
 * Rows are taken in the order of their keys, so that statements on the same resources wait for each other and do not
 * lock each other out.
 *
 * Its parameters are arrays, one for each column below, in this order. The contents alone come as one bytea, of which
 * every row names its part: an array of texts would be quoted here and unquoted there, character by character.
 *
 * The statement's parts, in their order: INPUT (the rows, less those that are not to be done), CREATED and LOCATED,
 * CHANGED (old, kept, changed), `done` (the rids that were written, on which all parts below depend), ADDED, QUEUED,
 * AUDITED, REMOVED. A part is added by a group of columns of its own, its text, and its place in both texts at the end; its
 * values stand where its group was numbered by `unnest`.
 */
const RESOURCES = {
  shard: 'int2',
  type: 'int2',
  version: 'int4',
  rid: 'int8',
  updated: 'int8',
  date: 'int8',
  patient: 'int8',
  anchor: 'int8',
  deleted: 'bool',
  id: 'text',
  present: 'bytea',
  start: 'int4',
  bytes: 'int4',
  definitions: 'text',
};
const TOKENS = { h: 'int8', rid: 'int8', param: 'int4' };
const RANGES = { ...TOKENS, lo: 'float8', hi: 'float8' };
const STRINGS = { ...TOKENS, value: 'text', exact: 'text' };
const EVENTS = {
  shard: 'int2',
  stream: 'int8',
  bot: 'text',
  type: 'int2',
  rid: 'int8',
  version: 'int4',
  interaction: 'text',
  due: 'int8',
};
const TOKENS_GONE = { h: 'int8', rid: 'int8' };
const RANGES_GONE = { ...TOKENS_GONE, lo: 'float8', hi: 'float8' };
const STRINGS_GONE = { ...TOKENS_GONE, value: 'text', exact: 'text' };

/** `unnest($1::int2[], …)` and the names of its columns; parameters are counted on from group to group. */
const unnest = (() => {
  let parameter = 1; // $1 holds the contents
  return (columns: Readonly<Record<string, string>>): { call: string; names: string } => ({
    call: `unnest(${Object.values(columns)
      .map((type) => `$${++parameter}::${type}[]`)
      .join(', ')})`,
    names: Object.keys(columns).join(', '),
  });
})();

const resources = unnest(RESOURCES);
const INPUT = `input as materialized (
  select shard, type, version, rid, updated, date, patient, anchor, deleted, id, present,
    convert_from(substr($1::bytea, start, bytes), 'UTF8') as content
  from ${resources.call} as i (${resources.names})
  where definitions = coalesce((select value from setting where name = 'definitions'), '0'))`;

const CREATED = `created as (
  insert into resource (shard, type, version, rid, updated, date, patient, anchor, deleted, id, present, content)
  select shard, type, version, rid, updated, date, patient, anchor, deleted, id, present, content from input
  where version = 1
  on conflict do nothing returning rid, type, id)`;

const LOCATED = `located as (
  insert into locator (type, id, rid) select type, id, rid from created where id is not null order by type, id)`;

const CHANGED = `old as materialized (
  select r.shard, r.type, r.version, r.rid, r.updated, r.patient, r.anchor, r.deleted, r.id, r.content
  from resource r join input i on r.shard = i.shard and r.rid = i.rid and r.version = i.version - 1
  where i.version > 1 order by r.rid for update of r),
kept as (
  insert into history (shard, type, version, rid, updated, patient, anchor, deleted, id, content)
  select shard, type, version, rid, updated, patient, anchor, deleted, id, content from old),
changed as (
  update resource r set version = i.version, updated = i.updated, date = i.date, patient = i.patient, anchor = i.anchor,
    deleted = i.deleted, present = i.present, content = i.content
  from input i, old o
  where o.rid = i.rid and o.shard = i.shard and r.shard = i.shard and r.rid = i.rid and r.version = i.version - 1
  returning r.rid)`;

const tokens = unnest(TOKENS);
const ranges = unnest(RANGES);
const strings = unnest(STRINGS);
const ADDED = `tokens as (
  insert into token_idx (h, rid, param, shard)
  select h, rid, param, ((rid >> 10) & 4095)::int2
  from ${tokens.call} as t (${tokens.names}) where rid in (select rid from done)),
ranges as (
  insert into range_idx (h, rid, param, shard, lo, hi)
  select h, rid, param, ((rid >> 10) & 4095)::int2, lo, hi
  from ${ranges.call} as t (${ranges.names}) where rid in (select rid from done)),
strings as (
  insert into string_idx (h, rid, param, shard, value, exact)
  select h, rid, param, ((rid >> 10) & 4095)::int2, value, exact
  from ${strings.call} as t (${strings.names}) where rid in (select rid from done))`;

const events = unnest(EVENTS);
const QUEUED = `events as (
  insert into outbox (shard, n, stream, bot, type, rid, version, interaction, due)
  select e.shard, e.k + coalesce((select max(o.n) from outbox o where o.shard = e.shard), 0),
    e.stream, e.bot, e.type, e.rid, e.version, e.interaction, e.due
  from (select *, row_number() over (partition by shard order by position) as k
        from ${events.call} with ordinality as e (${events.names}, position)
        where rid in (select rid from done)) e)`;

const audit = unnest({ rid: 'int8', ...AUDIT_COLUMNS });
const AUDITED = `audited as (
  insert into audit (${Object.keys(AUDIT_COLUMNS).join(', ')}) select ${Object.keys(AUDIT_COLUMNS).join(', ')}
  from ${audit.call} as a (${audit.names}) where rid in (select rid from done))`;

const tokensGone = unnest(TOKENS_GONE);
const rangesGone = unnest(RANGES_GONE);
const stringsGone = unnest(STRINGS_GONE);
const REMOVED = `tokens_gone as (
  delete from token_idx t using ${tokensGone.call} as d (${tokensGone.names})
  where t.h = d.h and t.rid = d.rid and d.rid in (select rid from done)),
ranges_gone as (
  delete from range_idx t using ${rangesGone.call} as d (${rangesGone.names})
  where t.h = d.h and t.rid = d.rid and t.lo = d.lo and t.hi = d.hi and d.rid in (select rid from done)),
strings_gone as (
  delete from string_idx t using ${stringsGone.call} as d (${stringsGone.names})
  where t.h = d.h and t.rid = d.rid and t.value = d.value and t.exact is not distinct from d.exact
    and d.rid in (select rid from done))`;

const CREATE_TEXT = `with ${INPUT}, ${CREATED}, ${LOCATED}, done as materialized (select rid from created),
${ADDED}, ${QUEUED}, ${AUDITED} select rid from done`;

const CHANGE_TEXT = `with ${INPUT}, ${CREATED}, ${LOCATED}, ${CHANGED},
done as materialized (select rid from created union all select rid from changed),
${ADDED}, ${QUEUED}, ${AUDITED}, ${REMOVED} select rid from done`;

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
        ? [...resourceColumns(part.toSorted(byRid)), ...addedColumns(part)]
        : [...resourceColumns(part.toSorted(byRid)), ...addedColumns(part), ...removedColumns(part)],
    });
    for (const row of result.rows) {
      done.add(row.rid);
    }
  }
  return done;
}

function byRid(a: PreparedWrite, b: PreparedWrite): number {
  return a.rid.length - b.rid.length || (a.rid < b.rid ? -1 : 1); // decimal numbers without sign
}

function resourceColumns(writes: readonly PreparedWrite[]): unknown[] {
  const contents = writes.map((w) => Buffer.from(w.content));
  let start = 1;
  const starts = contents.map((content) => {
    const at = start;
    start += content.length;
    return at;
  });
  return [
    Buffer.concat(contents),
    writes.map((w) => shardOfRid(w.rid)),
    writes.map((w) => typeNumber(w.type)),
    writes.map((w) => w.version),
    writes.map((w) => w.rid),
    writes.map((w) => w.updated),
    writes.map((w) => (w.date === undefined ? null : Math.round(w.date))),
    writes.map((w) => w.patient ?? null),
    writes.map((w) => w.anchor ?? null),
    writes.map((w) => w.deleted),
    writes.map((w) => (w.clientId ? w.id : null)),
    writes.map((w) => w.present),
    starts,
    contents.map((content) => content.length),
    writes.map((w) => w.definitions),
  ];
}

function addedColumns(writes: readonly PreparedWrite[]): unknown[] {
  const tokens = writes.flatMap((w) => w.add.tokens.map((t) => ({ ...t, rid: w.rid })));
  const ranges = writes.flatMap((w) => w.add.ranges.map((t) => ({ ...t, rid: w.rid })));
  const strings = writes.flatMap((w) => w.add.strings.map((t) => ({ ...t, rid: w.rid })));
  const events = writes.flatMap((w) => w.events.map((e) => ({ ...e, write: w })));
  const audited = writes.flatMap((w) => (w.audit === undefined ? [] : { rid: w.rid, row: w.audit }));
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
    audited.map(({ rid }) => rid),
    ...auditValues(audited.map(({ row }) => row)),
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
