import type { Queryable } from '../model/queryable.ts';
import { AUDIT_COLUMNS, type AuditRow, auditValues } from '../store/audit-row.ts';
import type { Head, Seal } from './seal.ts';

/** Class of the advisory locks that processes hold on their chains. */
export const CHAIN_LOCK = 17;
/** A process that was killed may have left rows whose commit came after others looked: chains of this age are looked at. */
const RECENT_MS = 3_600_000;
/** Other chains whose heads a new chain holds. */
const HEADS_MAX = 64;

const columns = Object.keys(AUDIT_COLUMNS).join(', ');
/** @param from number of the first parameter */
const insertRowsText = (from: number): string => {
  const arrays = Object.values(AUDIT_COLUMNS).map((type, i) => `$${i + from}::${type}[]`);
  return `insert into audit (${columns}) select * from unnest(${arrays.join(', ')})`;
};
const SEAL = `insert into audit_seal (chain, number, at, low, high, kind, rows, hash)
  values ($1, $2, $3, $4, $5, $6, $7, $8)`;

/** Stores a link, with rows that are not stored yet: both or neither. */
export async function insertSeal(db: Queryable, seal: Seal, rows: readonly AuditRow[]): Promise<void> {
  const values = [seal.chain, seal.number, seal.at, seal.low, seal.high, seal.kind, seal.rows, seal.hash];
  if (rows.length === 0) {
    await db.query({ name: 'audit_seal', text: SEAL, values });
    return;
  }
  await db.query({
    name: 'audit_rows_and_seal',
    text: `with added as (${insertRowsText(9)}) ${SEAL}`,
    values: [...values, ...auditValues(rows)],
  });
}

/** Stores rows that a later link will seal. */
export async function insertRows(db: Queryable, rows: readonly AuditRow[]): Promise<void> {
  await db.query({ name: 'audit_rows', text: insertRowsText(1), values: auditValues(rows) });
}

/** The last link of a chain. */
export async function lastSeal(db: Queryable, chain: number): Promise<Seal | undefined> {
  const { rows } = await db.query<Seal>({
    name: 'audit_last_seal',
    text: `select chain, number, at::float8 as at, low, high, kind, rows, hash from audit_seal
      where chain = $1 order by number desc limit 1`,
    values: [chain],
  });
  return rows[0];
}

/** Links that may hold rows from a place on. */
export async function sealsFrom(db: Queryable, chain: number, place: string): Promise<readonly Seal[]> {
  const { rows } = await db.query<Seal>({
    text: `select chain, number, at::float8 as at, low, high, kind, rows, hash from audit_seal
      where chain = $1 and high >= $2`,
    values: [chain, place],
  });
  return rows;
}

/** SQL: the columns of an AuditRow. */
export function auditRowColumns(alias: string): string {
  return Object.keys(AUDIT_COLUMNS)
    .map((column) => (column === 'at' ? `${alias}.at::float8 as at` : `${alias}.${column}`))
    .join(', ');
}

/** Rows of a chain from a place on. */
export async function rowsFrom(db: Queryable, chain: number, place: string): Promise<readonly AuditRow[]> {
  const { rows } = await db.query<AuditRow>({
    text: `select ${auditRowColumns('a')} from audit a where a.chain = $1 and a.n >= $2 order by a.n`,
    values: [chain, place],
  });
  return rows;
}

/** Which of these rows of a chain are stored. */
export async function storedRows(
  db: Queryable,
  chain: number,
  places: readonly string[],
): Promise<readonly AuditRow[]> {
  const { rows } = await db.query<AuditRow>({
    text: `select ${auditRowColumns('a')} from audit a where a.chain = $1 and a.n = any($2::int8[]) order by a.n`,
    values: [chain, places],
  });
  return rows;
}

export interface ChainStart {
  readonly chain: number;
  readonly started: number;
  readonly heads: Buffer;
}

export async function chainStart(db: Queryable, chain: number): Promise<ChainStart | undefined> {
  const { rows } = await db.query<ChainStart>({
    text: 'select chain, started::float8 as started, heads from audit_chain where chain = $1',
    values: [chain],
  });
  return rows[0];
}

/** @returns whether it is ours: false where another process took the number first */
export async function insertChain(db: Queryable, { chain, started, heads }: ChainStart): Promise<boolean> {
  const { rowCount } = await db.query({
    text: 'insert into audit_chain (chain, started, heads) values ($1, $2, $3) on conflict do nothing',
    values: [chain, started, heads],
  });
  return rowCount === 1;
}

export async function nextChain(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ next: number }>({
    text: 'select coalesce(max(chain), 0) + 1 as next from audit_chain',
  });
  return rows[0]?.next ?? 1;
}

/** Where the chains stand; the newest of them where `max` is given. */
export async function headsOf(db: Queryable, max?: number): Promise<readonly Head[]> {
  const { rows } = await db.query<Head>({
    text: `select c.chain, s.number, encode(s.hash, 'hex') as hash from audit_chain c
      cross join lateral (select number, hash from audit_seal s where s.chain = c.chain order by number desc limit 1) s
      order by c.chain desc limit $1`,
    values: [max ?? null],
  });
  return rows;
}

export const newestHeads = (db: Queryable): Promise<readonly Head[]> => headsOf(db, HEADS_MAX);

/** Chains that may have rows which no link holds: those that were not ended, and those that ended lately. */
export async function unfinishedChains(db: Queryable, now: number): Promise<readonly number[]> {
  const { rows } = await db.query<{ chain: number }>({
    text: `select c.chain from audit_chain c
      left join lateral (select kind, at from audit_seal s where s.chain = c.chain order by number desc limit 1) s on true
      where coalesce(s.kind, 0) = 0 or s.at > $1 order by c.chain`,
    values: [now - RECENT_MS],
  });
  return rows.map(({ chain }) => chain);
}

/** Whether the chain's process has gone; then it is this session's until unlockChain(). */
export async function lockChain(db: Queryable, chain: number): Promise<boolean> {
  const { rows } = await db.query<{ got: boolean }>({
    text: 'select pg_try_advisory_lock($1::int4, $2::int4) as got',
    values: [CHAIN_LOCK, chain],
  });
  return rows[0]?.got === true;
}

export async function unlockChain(db: Queryable, chain: number): Promise<void> {
  await db.query({ text: 'select pg_advisory_unlock($1::int4, $2::int4)', values: [CHAIN_LOCK, chain] });
}
