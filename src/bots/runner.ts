import type { Engine } from '../interactions/engine.ts';
import { inUnit } from '../interactions/unit-of-work.ts';
import { dueEvents, failEvent, nextDue, type OutboxRow } from '../store/outbox.ts';
import { ConnectionLost, retrying } from '../store/transaction.ts';
import type { CronRuns } from './cron-runs.ts';
import { handOver } from './hand-over.ts';
import type { CallBot, ReadyBot } from './hooks.ts';
import { type Batch, lanesOf } from './lanes.ts';

/** Failed attempts after which an event is parked. */
const ATTEMPTS_MAX = 8;
const BACKOFF_MS = 1000;
/** Events that are looked up at a time: some lanes full. */
const AT_ONCE = 400;
const WORKERS = 3;

export interface RunnerLog {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/**
 * Hands over what the outbox holds to the follow bots, and runs cron bots.
 *
 * An event is done in one transaction: the patient's shard is locked, the event taken, the bot called, its writes and
 * the deletion of the event committed. So an event is done at least once and its effects exactly once; of several
 * processes the one that takes the event does it, and the events of one patient are done in their order. Where many are
 * due for a bot, those of different patients share a transaction (docs/decisions/0066-scale.md).
 */
export class Runner {
  readonly #engine: Engine;
  readonly #bots: () => ReadonlyMap<string, ReadyBot>;
  readonly #call: CallBot;
  readonly #cron: CronRuns;
  readonly #log: RunnerLog;

  constructor(
    engine: Engine,
    bots: () => ReadonlyMap<string, ReadyBot>,
    call: CallBot,
    cron: CronRuns,
    log: RunnerLog,
  ) {
    this.#engine = engine;
    this.#bots = bots;
    this.#call = call;
    this.#cron = cron;
    this.#log = log;
  }

  /** Does all that is due now. Ends when nothing due is left, by this process or by others. */
  async drain(): Promise<void> {
    for (;;) {
      const now = this.#engine.clock.now().getTime();
      const ran = await this.#cron.runDue(now);
      const events = await dueEvents(this.#engine.pool, now, AT_ONCE);
      if (events.length === 0 && !ran) {
        return;
      }
      await this.#doAll(events, now);
    }
  }

  /** The next instant after `now` at which there is something to do, ms since 1970. */
  async nextInstant(now: number): Promise<number | undefined> {
    const due = await nextDue(this.#engine.pool, now);
    const cron = await this.#cron.next(now);
    return due === undefined || cron === undefined ? (due ?? cron) : Math.min(due, cron);
  }

  /** Lanes at the same time, the batches of each one after the other. */
  async #doAll(events: readonly OutboxRow[], now: number): Promise<void> {
    const bots = this.#bots();
    const lanes = lanesOf(events, (name) => bots.get(name)?.declaration.apart !== true);
    const worker = async (): Promise<void> => {
      for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) {
        for (const batch of lane) {
          await this.#doBatch(batch, now);
        }
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));
  }

  /** Where one of several fails, halves of them are tried: it is alone in the end, and all others are done. */
  async #doBatch(batch: Batch, now: number): Promise<void> {
    const [event] = batch;
    const parts = { engine: this.#engine, bots: this.#bots(), call: this.#call, now };
    const work = (): Promise<void> => inUnit(this.#engine, (unit) => handOver(parts, unit, batch));
    try {
      await (batch.length === 1 ? retrying(this.#engine, work) : work());
    } catch (failure) {
      if (failure instanceof ConnectionLost) {
        throw failure; // the bot did not fail; everything is looked at again when the database is back
      }
      if (batch.length > 1) {
        const half = Math.ceil(batch.length / 2);
        await this.#doBatch(batch.slice(0, half), now);
        await this.#doBatch(batch.slice(half), now);
      } else if (event !== undefined) {
        await this.#failed(event, failure, now);
      }
    }
  }

  async #failed(event: OutboxRow, failure: unknown, now: number): Promise<void> {
    const attempt = event.attempts + 1;
    const again = attempt >= ATTEMPTS_MAX ? undefined : now + BACKOFF_MS * 2 ** attempt;
    const problem = failure instanceof Error ? `${failure.name}: ${failure.message}`.slice(0, 500) : 'unknown';
    this.#log.warn({ bot: event.bot, attempt, parked: again === undefined }, 'a bot failed');
    await failEvent(this.#engine.pool, event, problem, again);
  }
}
