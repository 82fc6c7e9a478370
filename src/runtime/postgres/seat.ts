import pg from 'pg';
import { SUPERUSER } from './cluster.ts';
import type { Postmaster } from './postmaster.ts';

/** The advisory lock that everyone who uses an embedded server holds, shared; who gets it alone may stop the server. */
const SEATS = 0x5_7a12;

/** What PostgreSQL answers while it starts, recovers or shuts down, and what the system says of a port nobody is on. */
const NOT_NOW = new Set(['57P01', '57P02', '57P03', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** One process's use of an embedded server. PostgreSQL itself gives the seat up when the process dies. */
export interface Seat {
  /** The address of Svar's database in it. */
  readonly url: string;
  /** Resolves when the seat's connection ends: the server died, or was stopped. */
  readonly lost: Promise<void>;
  /**
   * Gives the seat up. True if it was the last one: then the caller has to stop the server, and until it is down nobody
   * can take a seat.
   */
  leave(): Promise<boolean>;
}

/**
 * Takes a seat in a server; 'recovering' if it is about to recover from a crash, undefined if it cannot be used now for
 * another reason (it is starting or stopping). Rejects if it does not know our password.
 */
export async function takeSeat(server: Postmaster, password: string): Promise<Seat | 'recovering' | undefined> {
  const base = `postgres://${SUPERUSER}:${password}@127.0.0.1:${server.port}`;
  const client = new pg.Client({
    connectionString: `${base}/postgres`,
    application_name: 'svar seat',
    keepAlive: true,
  });
  let isLost = false;
  const lost = new Promise<void>((resolve) => {
    client.on('end', () => {
      isLost = true;
      resolve();
    });
  });
  client.on('error', () => {}); // 'end' follows
  const ask = async (sql: string): Promise<boolean> => {
    const { rows } = await client.query<{ yes: boolean }>(sql, [SEATS]);
    return rows[0]?.yes ?? false;
  };
  try {
    await client.connect();
    if (!(await ask('select pg_try_advisory_lock_shared($1) as yes'))) {
      await client.end();
      return undefined;
    }
    await createDatabase(client);
  } catch (problem) {
    await client.end().catch(() => {});
    if (isNotNow(problem)) return / in recovery mode$/.test((problem as Error).message) ? 'recovering' : undefined;
    throw new Error(
      `The PostgreSQL on port ${server.port} (process ${server.pid}) refuses us: ${(problem as Error).message}`,
    );
  }
  return {
    url: `${base}/${SUPERUSER}`,
    lost,
    async leave() {
      try {
        if (isLost) return false;
        await client.query('select pg_advisory_unlock_shared($1)', [SEATS]);
        // The lock that nobody else can share stays until the server is down and ends this connection.
        if (await ask('select pg_try_advisory_lock($1) as yes')) return true;
        await client.end();
      } catch {
        // the server died in this moment
      }
      return false;
    },
  };
}

function isNotNow(problem: unknown): boolean {
  const { code, message } = problem as { code?: unknown; message?: unknown };
  // pg has no code for a connection that the server closes before it answers.
  return NOT_NOW.has(String(code)) || String(message).startsWith('Connection terminated');
}

async function createDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [SUPERUSER]);
  if (rowCount) return;
  await client.query(`create database ${SUPERUSER}`).catch((problem: { code?: string }) => {
    // Another process that starts at the same moment was faster (duplicate_database, or its unique index).
    if (problem.code !== '42P04' && problem.code !== '23505') throw problem;
  });
}
