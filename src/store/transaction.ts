import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { fhirError } from '../model/issue.ts';

/**
 * Thrown by work that met a concurrent change: the transaction is rolled back and the work starts again from its request.
 * `problem` is what the client is told when that has happened too often.
 */
export class Conflict extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'Conflict';
  }
}

/** The database could not be reached, or went away: nobody's fault who asked, and perhaps it was done all the same. */
export class ConnectionLost extends Error {
  constructor(cause: unknown) {
    super('the connection to the database was lost', { cause });
    this.name = 'ConnectionLost';
  }
}

/**
 * Tells whether PostgreSQL refused a statement, so that nothing of it was stored; anything else is a lost connection.
 * Classes 08 and 57P: https://www.postgresql.org/docs/18/errcodes-appendix.html (the severity is in the server's language)
 */
export function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !/^(08|57P)/.test(error.code ?? '');
}

/** What a failed query means for those who asked. */
export function asLost(error: unknown): unknown {
  return isRefusal(error) || error instanceof ConnectionLost ? error : new ConnectionLost(error);
}

const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);

/** Tells whether the database was away, so that the same request may succeed in a moment. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof ConnectionLost) {
    return true;
  }
  if (error instanceof pg.DatabaseError) {
    return /^(08|57P)/.test(error.code ?? '');
  }
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  // pg has no code for a connection that ends under a query
  return (
    NETWORK.has(String(code)) ||
    /^(Connection terminated|Client has encountered a connection error)/.test(String(message))
  );
}

/** Tells whether a statement passed its limit of time (query_canceled): only what reads has one. */
export function isTooLong(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '57014';
}

/** serialization_failure, deadlock_detected, unique_violation, lock_not_available */
const RETRIABLE = new Set(['40001', '40P01', '23505', '55P03']);
const ATTEMPTS_MAX = 12;

/** Tells whether an error means that the same request may succeed when it is worked out again. */
export function isConflict(error: unknown): boolean {
  return error instanceof Conflict || RETRIABLE.has((error as { code?: string } | null)?.code ?? '');
}

/** What starting anew takes. */
export interface Anew {
  /** A number in [0, 1). */
  random(): number;
  /** Called before each new attempt. */
  again(): Promise<void>;
}

/**
 * Runs `work`, which must be a function of the request alone, until it ends without a conflict.
 * @throws FhirError 409 after too many conflicts
 */
export async function retrying<T>(anew: Anew, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isConflict(error)) {
        throw error;
      }
      if (attempt === ATTEMPTS_MAX) {
        throw fhirError(
          409,
          'conflict',
          'Others change the same resources all the time; nothing was stored. Try again later.',
        );
      }
      await sleep(anew.random() * 2 ** Math.min(attempt, 8));
      await anew.again();
    }
  }
}

/**
 * Runs `work` in one transaction: committed when it returns, rolled back when it throws.
 * @throws Conflict where PostgreSQL rolled back what it was asked to commit; ConnectionLost where nobody knows
 */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch(throwLost);
  let broken: Error | undefined;
  try {
    return await transactionOn(client, work);
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** The same on a connection of one's own; where it throws, rolling back is the caller's. */
export async function transactionOn<C extends pg.ClientBase, T>(
  client: C,
  work: (client: C) => Promise<T>,
): Promise<T> {
  await client.query('begin').catch(throwLost);
  const result = await work(client);
  // PostgreSQL answers a commit after an error that was swallowed with ROLLBACK, and with success
  if ((await client.query('commit').catch(throwLost)).command !== 'COMMIT') {
    throw new Conflict('the transaction was rolled back');
  }
  return result;
}

function throwLost(failure: unknown): never {
  throw asLost(failure);
}
