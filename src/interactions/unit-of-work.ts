import { FhirError, fhirError } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import { asLost, inTransaction } from '../store/transaction.ts';
import type { Committed, Engine, Fate, Unit, UnitDone } from './engine.ts';

/**
 * Runs work in a transaction of its own; afterwards tells the runner if events were left.
 *
 * Whatever the work makes of it (a bot may swallow an error, or answer it with a refusal), a unit whose database failed
 * or met a conflict is not committed: it throws that failure at once, so that a conflict starts again from the request.
 */
export async function inUnit<T>(engine: Engine, work: (unit: Unit) => Promise<T>): Promise<T> {
  const done: UnitDone = { events: false, types: new Set<string>(), audit: [] };
  const answer = await inTransaction(engine.pool, async (client) => {
    let open = true;
    const fate = new LosableFate();
    const guarded: Queryable = {
      query: async (config) => {
        if (!open) {
          throw fhirError(503, 'transient', 'This unit of work has ended; nothing more is stored in it.');
        }
        try {
          return await client.query(config);
        } catch (failure) {
          fate.lose(asLost(failure));
          throw failure;
        }
      },
    };
    try {
      const unit: Unit = { client: guarded, held: new Set(), active: new Set(), done, fate, turns: new Turns() };
      const result = await Promise.race([work(unit), fate.lost]);
      if (fate.why !== undefined) {
        throw fate.why;
      }
      return result;
    } finally {
      open = false;
    }
  });
  engine.audit.stored(done.audit);
  await tell(engine, done);
  return answer;
}

/** Tells of a commit. What fails now cannot undo it: the work that was to follow is found by those who look regularly. */
export async function tell(engine: Engine, done: Committed): Promise<void> {
  await engine.committed(done).catch(() => undefined);
}

/**
 * One write of a bot within its unit, all or none: a bot may go on after a refusal, and what was refused must leave
 * nothing behind. Writes that a bot starts together are done one after the other.
 */
export function step<T>(unit: Unit, work: () => Promise<T>): Promise<T> {
  return unit.turns.take(async () => {
    const held = new Set(unit.held);
    const audited = unit.done.audit.length;
    await unit.client.query({ text: 'savepoint step' });
    try {
      const result = await work();
      await unit.client.query({ text: 'release savepoint step' });
      return result;
    } catch (failure) {
      if (failure instanceof FhirError && unit.fate.why === undefined) {
        await unit.client.query({ text: 'rollback to savepoint step' });
        await unit.client.query({ text: 'release savepoint step' });
        unit.done.audit.length = audited;
        // the locks that were taken since have gone with it
        for (const shard of unit.held.difference(held)) {
          unit.held.delete(shard);
        }
      } else {
        unit.fate.lose(failure);
      }
      throw failure;
    }
  });
}

/** The unit as a bot sees it that is called because of a write in it. */
export function unitOfBot(unit: Unit, name: string): Unit {
  return { ...unit, active: new Set([...unit.active, name]), turns: new Turns(), withOthers: undefined };
}

class LosableFate implements Fate {
  why: unknown;
  readonly #lost = Promise.withResolvers<never>();
  /** Rejects once the unit is lost: nobody waits for what a bot still does. */
  readonly lost: Promise<never> = this.#lost.promise;

  lose(why: unknown): void {
    this.why ??= why;
    this.#lost.reject(this.why);
  }
}

/** Lets pieces of work run one after the other. */
class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
