import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../interactions/engine.ts';
import { inUnit } from '../interactions/unit-of-work.ts';
import { dueEvents, failEvent, nextDue, type OutboxRow } from '../store/outbox.ts';
import { ConnectionLost, retrying } from '../store/transaction.ts';
import type { CronRuns } from './cron-runs.ts';
import { type HandedOver, handOver } from './hand-over.ts';
import type { CallBot, ReadyBot } from './hooks.ts';
import { type Batch, lanesOf, singleLanes } from './lanes.ts';

/** Failed attempts after which an event is parked. */
export const ATTEMPTS_MAX = 8;
const BACKOFF_MS = 1000;
/** Events that are looked up at a time: some lanes full. */
const AT_ONCE = 400;
const AT_ONCE_OUTSIDE = 50;
const WORKERS = 3;
/** When to look again where others hold everything that is due. */
const BUSY_MS = 20;
const NOTHING: HandedOver = { taken: 0, busy: new Set() };
/** What a worker of bots that are apart waits before each event while there is more to do within than it can look up. */
const CROWDED_MS = 200;

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
  #crowded = false;

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
    for (let did = true; did; ) {
      did = await this.drainInside();
      did = (await this.drainOutside()) || did;
    }
  }

  /** The same for what stays within the server: cron bots, and bots that are not apart. @returns whether there was anything */
  async drainInside(): Promise<boolean> {
    for (let did = false; ; did = true) {
      const now = this.#engine.clock.now().getTime();
      const ran = await this.#cron.runDue(now);
      const events = await dueEvents(this.#engine.pool, now, AT_ONCE, { but: this.#apart() });
      if (events.length === 0 && !ran) {
        return did;
      }
      this.#crowded = events.length === AT_ONCE;
      try {
        await this.#doAll(lanesOf(events), now);
      } finally {
        this.#crowded = false;
      }
    }
  }

  /**
   * The same for bots that are apart, which wait for others outside and take long: what stays within doesn't wait for them,
   * and they let it go first while there is much of it.
   */
  async drainOutside(): Promise<boolean> {
    for (let did = false; ; did = true) {
      const now = this.#engine.clock.now().getTime();
      const only = this.#apart();
      const events = only.length === 0 ? [] : await dueEvents(this.#engine.pool, now, AT_ONCE_OUTSIDE, { only });
      if (events.length === 0) {
        return did;
      }
      await this.#doAll(singleLanes(events), now);
    }
  }

  #apart(): readonly string[] {
    return [...this.#bots().values()].filter(({ declaration }) => declaration.apart).map((bot) => bot.declaration.name);
  }

  /** The next instant after `now` at which there is something to do, ms since 1970. */
  async nextInstant(now: number): Promise<number | undefined> {
    const due = await nextDue(this.#engine.pool, now);
    const cron = await this.#cron.next(now);
    return due === undefined || cron === undefined ? (due ?? cron) : Math.min(due, cron);
  }

  /** Lanes at the same time, the batches of each one after the other. */
  async #doAll(lanes: Batch[][], now: number): Promise<void> {
    let done = 0;
    const worker = async (): Promise<void> => {
      for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) {
        // what comes after an event that was left for the next look is left too: a patient's events keep their order
        const left = new Set<number>();
        for (const batch of lane) {
          const free = batch.filter(({ shard }) => !left.has(shard));
          const { taken, busy } = await this.#doBatch(free, now);
          done += taken;
          for (const shard of busy) left.add(shard);
        }
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));
    if (done === 0) {
      await sleep(BUSY_MS); // all of it is somebody else's at the moment
    }
  }

  /**
   * Where one of several fails, halves of them are tried: it is alone in the end, and all others are done.
   * @returns how many were done, or have failed
   */
  async #doBatch(batch: Batch, now: number): Promise<HandedOver> {
    const [event] = batch;
    if (event === undefined) {
      return NOTHING;
    }
    if (this.#crowded && this.#apart().includes(event.bot)) {
      await sleep(CROWDED_MS);
    }
    const parts = { engine: this.#engine, bots: this.#bots(), call: this.#call, now };
    const work = (): Promise<HandedOver> => inUnit(this.#engine, (unit) => handOver(parts, unit, batch));
    try {
      return await (batch.length === 1 ? retrying(this.#engine, work) : work());
    } catch (failure) {
      if (failure instanceof ConnectionLost) {
        throw failure; // the bot did not fail; everything is looked at again when the database is back
      }
      if (batch.length > 1) {
        this.#log.warn({ bot: event.bot, events: batch.length, problem: problemOf(failure) }, 'not done together');
        const half = Math.ceil(batch.length / 2);
        const first = await this.#doBatch(batch.slice(0, half), now);
        const second = await this.#doBatch(batch.slice(half), now);
        return { taken: first.taken + second.taken, busy: first.busy.union(second.busy) };
      }
      await this.#failed(event, failure, now);
      return { taken: 1, busy: NOTHING.busy };
    }
  }

  async #failed(event: OutboxRow, failure: unknown, now: number): Promise<void> {
    const attempt = event.attempts + 1;
    const again = attempt >= ATTEMPTS_MAX ? undefined : now + BACKOFF_MS * 2 ** attempt;
    this.#log.warn({ bot: event.bot, attempt, parked: again === undefined }, 'a bot failed');
    await failEvent(this.#engine.pool, event, problemOf(failure), again);
  }
}

function problemOf(failure: unknown): string {
  return failure instanceof Error ? `${failure.name}: ${failure.message}`.slice(0, 500) : 'unknown';
}
