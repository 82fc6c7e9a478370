import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
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

/** serialization_failure, deadlock_detected, unique_violation, lock_not_available */
const RETRIABLE = new Set(['40001', '40P01', '23505', '55P03']);
const ATTEMPTS_MAX = 12;

/** Tells whether an error means that the same request may succeed when it is worked out again. */
export function isConflict(error: unknown): boolean {
  return error instanceof Conflict || RETRIABLE.has((error as { code?: string } | null)?.code ?? '');
}

/**
 * Runs `work`, which must be a function of the request alone, until it ends without a conflict.
 * @throws FhirError 409 after too many conflicts
 */
export async function retrying<T>(random: () => number, work: () => Promise<T>): Promise<T> {
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
      await sleep(random() * 2 ** Math.min(attempt, 8));
    }
  }
}

/** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    // PostgreSQL answers a commit after an error that was swallowed with ROLLBACK, and with success
    if ((await client.query('commit')).command !== 'COMMIT') {
      throw new Conflict('the transaction was rolled back');
    }
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
