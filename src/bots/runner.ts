import type { Resource } from '@medplum/fhirtypes';
import type { Engine, Unit } from '../interactions/engine.ts';
import { inUnit } from '../interactions/unit-of-work.ts';
import { systemCaller } from '../model/caller.ts';
import { takeLocks } from '../store/locks.ts';
import { dueEvents, failEvent, finishEvent, nextDue, type OutboxRow, takeEvent } from '../store/outbox.ts';
import { readRids, readVersion } from '../store/read.ts';
import { ConnectionLost, retrying } from '../store/transaction.ts';
import type { CronRuns } from './cron-runs.ts';
import { type CallBot, concernedBy, type ReadyBot } from './hooks.ts';

/** Failed attempts after which an event is parked. */
const ATTEMPTS_MAX = 8;
const BACKOFF_MS = 1000;
const AT_ONCE = 50;

export interface RunnerLog {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/**
 * Hands over what the outbox holds to the follow bots, and runs cron bots.
 *
 * An event is done in one transaction: the patient's shard is locked, the event taken, the bot called, its writes and
 * the deletion of the event committed. So an event is done at least once and its effects exactly once; of several
 * processes the one that takes the event does it, and the events of one patient are done in their order.
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

  /** Events of different shards at the same time, those of one shard one after the other. */
  async #doAll(events: readonly OutboxRow[], now: number): Promise<void> {
    const shards = Map.groupBy(events, (event) => event.shard);
    const lanes = [...shards.values()];
    const worker = async (): Promise<void> => {
      for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) {
        for (const event of lane) {
          await this.#doOne(event, now);
        }
      }
    };
    await Promise.all([worker(), worker(), worker()]);
  }

  async #doOne(event: OutboxRow, now: number): Promise<void> {
    try {
      await retrying(this.#engine, () => inUnit(this.#engine, (unit) => this.#take(unit, event, now)));
    } catch (failure) {
      if (failure instanceof ConnectionLost) {
        throw failure; // the bot did not fail; everything is looked at again when the database is back
      }
      await this.#failed(event, failure, now);
    }
  }

  async #take(unit: Unit, event: OutboxRow, now: number): Promise<void> {
    await takeLocks(unit.client, { exclusive: [event.shard], shared: [], targets: [], deleted: [] });
    unit.held.add(event.shard);
    const taken = await takeEvent(unit.client, event, now);
    if (taken !== undefined) {
      await this.#handOver(unit, taken, now);
      await finishEvent(unit.client, taken);
    }
  }

  async #handOver(unit: Unit, event: OutboxRow, now: number): Promise<void> {
    const bot = this.#bots().get(event.bot);
    if (bot === undefined) {
      throw new Error(`there is no bot ${event.bot} any more`);
    }
    const [current] = await readRids(unit.client, systemCaller, [event.rid]);
    if (current === undefined || (current.deleted && event.interaction !== 'delete')) {
      return;
    }
    const version = current.deleted
      ? await readVersion(unit.client, systemCaller, current, event.version - 1)
      : current;
    if (version === undefined) {
      return;
    }
    const resource = JSON.parse(version.content) as Resource;
    const { interaction } = event;
    const change = {
      interaction,
      type: version.type,
      id: version.id,
      resource,
      previous: undefined,
      rows: this.#engine.definitions().extract(resource),
    };
    const due = bot.dueOf(resource);
    // the resource may have changed since: what no longer concerns the bot is dropped, what is due later has a new event
    if (concernedBy(bot, change) && due !== undefined && due <= now) {
      await this.#call(unit, bot, resource);
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
