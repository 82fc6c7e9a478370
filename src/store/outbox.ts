import type { Queryable } from '../model/queryable.ts';
import { typeName } from '../model/resource-types.ts';
import type { Rid } from '../model/rid.ts';

/**
 * The outbox: one row for each follow bot that has something to do for a committed write.
 *
 *   waiting   due in the future, or now; attempts = 0
 *   backing   an attempt failed; due is when it is tried again; later events of the same stream wait behind it
 *   parked    too many attempts failed; later events of the stream pass it; an operator decides
 *   (gone)    done: the row was deleted in the transaction of the bot's own writes
 */
export interface OutboxRow {
  readonly shard: number;
  readonly n: string;
  /** Whose events are done in their order: the patient's rid, or the resource's own. */
  readonly stream: Rid;
  readonly bot: string;
  readonly type: string;
  readonly rid: Rid;
  readonly version: number;
  readonly interaction: 'create' | 'update' | 'delete';
  /** ms since 1970; 0 where the event is to be handed over at once. */
  readonly due: number;
  readonly attempts: number;
}

interface Row extends Omit<OutboxRow, 'type' | 'due'> {
  readonly type: number;
  readonly due: string;
}

const COLUMNS = 'o.shard, o.n, o.stream, o.bot, o.type, o.rid, o.version, o.interaction, o.due, o.attempts';

/** Nothing stands before it in its stream that failed and is to be tried again, whether its time has come or not. */
const UNBLOCKED = `not exists (select 1 from outbox b where b.shard = o.shard and b.stream = o.stream and b.n < o.n
  and b.attempts > 0 and not b.parked)`;

/**
 * Events that are due at `now`, in the order in which they are to be done.
 * @param bots those of which events are wanted; of all where not given
 */
export async function dueEvents(
  db: Queryable,
  now: number,
  limit: number,
  bots: { readonly only: readonly string[] } | { readonly but: readonly string[] } = { but: [] },
): Promise<readonly OutboxRow[]> {
  const [name, asked, names] =
    'only' in bots ? (['only', '= any', bots.only] as const) : (['but', '<> all', bots.but] as const);
  const result = await db.query<Row>({
    name: `outbox_due_${name}`,
    text: `select ${COLUMNS} from outbox o
      where o.due <= $1 and not o.parked and o.bot ${asked}($3::text[]) and ${UNBLOCKED}
      order by o.due, o.shard, o.n limit $2`,
    values: [now, limit, names],
  });
  return result.rows.map(outboxRow);
}

/** Takes events for the rest of the transaction; those that are done already, or are not to be done now, are left out. */
export async function takeEvents(
  db: Queryable,
  events: readonly { readonly shard: number; readonly n: string }[],
  now: number,
): Promise<readonly OutboxRow[]> {
  const result = await db.query<Row>({
    name: 'outbox_take',
    text: `select ${COLUMNS} from unnest($2::int2[], $3::int8[]) as w (shard, n)
      join outbox o on o.shard = w.shard and o.n = w.n
      where o.due <= $1 and not o.parked and ${UNBLOCKED} order by o.shard, o.n for update of o skip locked`,
    values: [now, events.map(({ shard }) => shard), events.map(({ n }) => n)],
  });
  return result.rows.map(outboxRow);
}

export async function finishEvents(db: Queryable, events: readonly OutboxRow[]): Promise<void> {
  await db.query({
    name: 'outbox_finish',
    text: `delete from outbox o using unnest($1::int2[], $2::int8[]) as w (shard, n)
      where o.shard = w.shard and o.n = w.n`,
    values: [events.map(({ shard }) => shard), events.map(({ n }) => n)],
  });
}

/**
 * Notes a failed attempt; does nothing where another process has done the event meanwhile (its number may be another
 * event's by now) or has noted its own.
 * @param again when to try again, ms since 1970; undefined parks the event
 */
export async function failEvent(
  db: Queryable,
  { shard, n, bot, rid, version, attempts }: OutboxRow,
  problem: string,
  again: number | undefined,
): Promise<void> {
  await db.query({
    name: 'outbox_fail',
    text: `update outbox set attempts = attempts + 1, problem = $3, due = coalesce($4, due), parked = $4::int8 is null
      where shard = $1 and n = $2 and bot = $5 and rid = $6 and version = $7 and attempts = $8`,
    values: [shard, n, problem, again ?? null, bot, rid, version, attempts],
  });
}

/**
 * Takes parked events of a bot up again, the oldest first, for one attempt each: what fails is parked anew at once, and
 * so holds up nobody for longer than that attempt takes.
 * @param attempts how many failures park an event
 */
export async function tryParked(db: Queryable, bot: string, attempts: number, limit: number): Promise<number> {
  const { rowCount } = await db.query({
    name: 'outbox_try_parked',
    text: `update outbox set parked = false, attempts = $2 - 1, due = 0
      where (shard, n) in (select shard, n from outbox where bot = $1 and parked order by due, shard, n limit $3)`,
    values: [bot, attempts, limit],
  });
  return rowCount ?? 0;
}

/** Parked events of one kind. */
export interface ParkedWork {
  readonly bot: string;
  /** The resource's type. */
  readonly type: string;
  readonly count: number;
  /** When the first of them was parked, ms since 1970; undefined where nobody knows. */
  readonly since: number | undefined;
  /** Failed attempts of the one that was tried most. */
  readonly attempts: number;
  /** The class of the error, without its message, which may quote what is stored. */
  readonly problem: string;
}

const KINDS_MAX = 500;

/** What is parked, by kind, the oldest first. @param bot of this bot alone */
export async function parkedWork(db: Queryable, bot: string | undefined): Promise<readonly ParkedWork[]> {
  const { rows } = await db.query<{
    bot: string;
    type: number;
    count: string;
    since: string | null;
    attempts: number;
    problem: string;
  }>({
    name: 'outbox_parked',
    text: `select bot, type, split_part(coalesce(problem, 'unknown'), ':', 1) as problem,
        count(*) as count, min(nullif(due, 0)) as since, max(attempts) as attempts
      from outbox where parked and ($1::text is null or bot = $1)
      group by 1, 2, 3 order by 5 nulls first, 1, 2, 3 limit $2`,
    values: [bot ?? null, KINDS_MAX],
  });
  return rows.map(({ type, count, since, ...row }) => ({
    ...row,
    type: typeName(type),
    count: Number(count),
    since: since === null ? undefined : Number(since),
  }));
}

/** The next time at which an event falls due after `now`, ms since 1970. */
export async function nextDue(db: Queryable, now: number): Promise<number | undefined> {
  const result = await db.query<{ due: string | null }>({
    name: 'outbox_next',
    text: 'select min(due) as due from outbox where due > $1 and not parked',
    values: [now],
  });
  const due = result.rows[0]?.due;
  return due == null ? undefined : Number(due);
}

export interface OutboxState {
  /** Events that are due and not done. */
  readonly depth: number;
  /** Events that fall due later. */
  readonly later: number;
  readonly parked: number;
  /** How long the oldest due event has waited beyond its due time, ms. */
  readonly lagMs: number;
}

export async function outboxState(db: Queryable, now: number): Promise<OutboxState> {
  const result = await db.query<{ depth: string; later: string; parked: string; oldest: string | null }>({
    name: 'outbox_state',
    text: `select count(*) filter (where due <= $1 and not parked) as depth,
        count(*) filter (where due > $1 and not parked) as later,
        count(*) filter (where parked) as parked,
        min(greatest(o.due, r.updated)) filter (where due <= $1 and not parked) as oldest
      from outbox o left join resource r on r.shard = ((o.rid >> 10) & 4095)::int2 and r.rid = o.rid`,
    values: [now],
  });
  const row = result.rows[0];
  return {
    depth: Number(row?.depth ?? 0),
    later: Number(row?.later ?? 0),
    parked: Number(row?.parked ?? 0),
    lagMs: row?.oldest == null ? 0 : Math.max(0, now - Number(row.oldest)),
  };
}

function outboxRow(row: Row): OutboxRow {
  return { ...row, type: typeName(row.type), due: Number(row.due) };
}
