import type { Engine, Unit } from '../interactions/engine.ts';
import { inUnit } from '../interactions/unit-of-work.ts';
import { ConnectionLost, retrying } from '../store/transaction.ts';
import type { Bot } from './bot.ts';
import type { CallBot } from './hooks.ts';
import { nextFire } from './next-fire.ts';
import type { RunnerLog } from './runner.ts';

/**
 * Runs cron bots once for each due time, however many processes there are, and catches up what fell due while none ran.
 *
 * `cron_run` holds for each bot the last due time that was done; it is moved forward in the transaction of the bot's own
 * writes, and only from the value that was read, so that of two processes one does the work.
 */
export class CronRuns {
  readonly #engine: Engine;
  readonly #bots: readonly Bot[];
  readonly #call: CallBot;
  readonly #log: RunnerLog;
  /** After a failure: not before this time. */
  readonly #pauseUntil = new Map<string, number>();

  constructor(engine: Engine, bots: readonly Bot[], call: CallBot, log: RunnerLog) {
    this.#engine = engine;
    this.#bots = bots.filter((bot) => bot.declaration.kind === 'cron');
    this.#call = call;
    this.#log = log;
  }

  /** Runs every due time up to `now` that has not been done. @returns whether there was any */
  async runDue(now: number): Promise<boolean> {
    let ran = false;
    for (const bot of this.#bots) {
      if ((this.#pauseUntil.get(bot.declaration.name) ?? 0) <= now) {
        ran = (await this.#runBot(bot, now)) || ran;
      }
    }
    return ran;
  }

  /** The next due time of any cron bot after `now`, ms since 1970. */
  async next(now: number): Promise<number | undefined> {
    const times = this.#bots.map((bot) => fire(bot, now)).filter((time) => time !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  async #runBot(bot: Bot, now: number): Promise<boolean> {
    const { name } = bot.declaration;
    const last = await this.#lastRun(name, now);
    const due = fire(bot, last);
    if (due === undefined || due > now) {
      return false;
    }
    try {
      const run = async (unit: Unit): Promise<boolean> => {
        const moved = await unit.client.query({
          text: 'update cron_run set last = $3 where bot = $1 and last = $2',
          values: [name, last, due],
        });
        if (moved.rowCount === 0) {
          return true; // another process did it
        }
        await this.#call(unit, bot, { resourceType: 'Basic', code: { text: new Date(due).toISOString() } });
        return true;
      };
      return await retrying(this.#engine, () => inUnit(this.#engine, run));
    } catch (failure) {
      if (failure instanceof ConnectionLost) {
        throw failure;
      }
      this.#pauseUntil.set(name, now + 60_000);
      this.#log.warn({ bot: name, problem: failure instanceof Error ? failure.name : 'unknown' }, 'a cron bot failed');
      return false;
    }
  }

  /** The last due time that was done; a bot that never ran starts now. */
  async #lastRun(name: string, now: number): Promise<number> {
    const { pool } = this.#engine;
    await pool.query('insert into cron_run (bot, last) values ($1, $2) on conflict do nothing', [name, now]);
    const result = await pool.query<{ last: string }>('select last from cron_run where bot = $1', [name]);
    return Number(result.rows[0]?.last ?? now);
  }
}

function fire({ declaration: { cron, timezone } }: Bot, after: number): number | undefined {
  return cron === undefined ? undefined : nextFire(cron, timezone ?? 'UTC', after);
}
