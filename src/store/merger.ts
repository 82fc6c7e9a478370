import type pg from 'pg';
import type { Rid } from '../model/rid.ts';
import { applyWrites } from './apply-writes.ts';
import { forbiddenNow, forbiddenThen } from './forbidden.ts';
import { lockShard, locksFor, tryLocks } from './locks.ts';
import type { PreparedWrite } from './prepared-write.ts';
import { faultyTargets, type TargetFaults } from './targets.ts';
import { isRefusal } from './transaction.ts';

/**
 * What became of a write:
 *   done      committed
 *   conflict  its predecessor was not the expected version (or its id was just taken): work it out again
 *   busy      somebody holds its patient: it needs a transaction of its own, which waits
 *   forbidden its caller does not reach what is there, or what will be there
 *   faulty    a target does not hold
 */
export type Merged =
  | { readonly state: 'done' | 'conflict' | 'busy' | 'forbidden' }
  | { readonly state: 'faulty'; readonly faults: TargetFaults };

interface Waiting {
  readonly write: PreparedWrite;
  readonly resolve: (merged: Merged) => void;
  readonly reject: (error: unknown) => void;
}

const BATCH_MAX = 64;

/**
 * Merges writes that arrive at the same time into one statement and one commit, each all-or-nothing on its own.
 *
 * A write that arrives while a connection is free starts a batch at once; those that arrive while all are busy wait
 * for the next. A batch that fails as a whole (one poisoned row) runs again one by one, so that each gets its own answer.
 */
export class Merger {
  readonly #pool: pg.Pool;
  readonly #batches: number;
  #waiting: Waiting[] = [];
  #running = 0;

  /** @param pool pipelining connections, kept for the merger alone; at most `batches` run at the same time */
  constructor(pool: pg.Pool, batches: number) {
    this.#pool = pool;
    this.#batches = batches;
  }

  write(write: PreparedWrite): Promise<Merged> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, resolve, reject });
      this.#start();
    });
  }

  #start(): void {
    if (this.#running < this.#batches && this.#waiting.length > 0) {
      this.#running += 1;
      // what arrives in this turn of the event loop joins the batch
      setImmediate(() => {
        const batch = this.#waiting.splice(0, BATCH_MAX);
        this.#run(batch).finally(() => {
          this.#running -= 1;
          this.#start();
        });
      });
    }
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    const first = distinct(batch);
    try {
      await this.#commit(first);
    } catch (error) {
      // after anything but PostgreSQL's own refusal (a lost connection) nobody knows whether the batch was committed
      if (first.length > 1 && isRefusal(error)) {
        for (const one of first) {
          await this.#commit([one]).catch(one.reject);
        }
      } else {
        for (const one of first) {
          one.reject(error);
        }
      }
    }
  }

  /** Settles every write of the batch, or throws and settles none. */
  async #commit(batch: readonly Waiting[]): Promise<void> {
    if (batch.length === 0) {
      return;
    }
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    try {
      const writes = batch.map((one) => one.write);
      // pipelined; what stands after the locks sees all that was committed before them. Ties change under the patient's
      // lock held alone, and such a write is busy here; only the ties of what is about no patient may go meanwhile
      const [, busy, faults, notNow, notThen] = await Promise.all([
        client.query('begin'),
        tryLocks(client, locksFor(writes)),
        faultyTargets(client, writes, false),
        forbiddenNow(client, writes),
        forbiddenThen(client, writes),
      ]);
      const forbidden = notNow.union(notThen);
      const fit = batch.filter(
        ({ write }) =>
          !busy.has(lockShard(write)) &&
          !write.targets.some((target) => faults.has(target)) &&
          !forbidden.has(write.rid),
      );
      const [done] = await Promise.all([
        applyWrites(
          client,
          fit.map((one) => one.write),
        ),
        client.query('commit'),
      ]);
      for (const one of batch) {
        one.resolve(outcome(one.write, busy, faults, forbidden, done));
      }
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }
}

function outcome(
  write: PreparedWrite,
  busy: ReadonlySet<number>,
  faults: TargetFaults,
  forbidden: ReadonlySet<Rid>,
  done: ReadonlySet<Rid>,
): Merged {
  if (write.targets.some((target) => faults.has(target))) {
    return { state: 'faulty', faults };
  }
  if (busy.has(lockShard(write))) {
    return { state: 'busy' };
  }
  if (forbidden.has(write.rid)) {
    return { state: 'forbidden' };
  }
  return { state: done.has(write.rid) ? 'done' : 'conflict' };
}

/** Two writes of one resource cannot share a statement: the later one is in conflict, as it would be a moment later. */
function distinct(batch: readonly Waiting[]): readonly Waiting[] {
  const seen = new Set<string>();
  return batch.filter((one) => {
    const keys = [one.write.rid, `${one.write.type}/${one.write.id}`];
    if (keys.some((key) => seen.has(key))) {
      one.resolve({ state: 'conflict' });
      return false;
    }
    for (const key of keys) {
      seen.add(key);
    }
    return true;
  });
}
