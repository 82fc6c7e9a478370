import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../../model/clock.ts';

/** 192 bits: nobody guesses one, and an SMS holds it. */
const SECRET_BYTES = 24;
const SECRET = /^[A-Za-z0-9_-]{32}$/;
/** A notice, reminders, and what had to be sent twice. */
const LINKS_OF_ORDER_MAX = 10;
/** No order is open for longer. */
const KEPT_MS = 730 * 86_400_000;

/**
 * The secrets of personal links. Each leads to one order and tells nothing else; what is kept is its hash. A link does
 * not end here: whether it opens anything is decided by the order itself, each time.
 */
export class OrderLinks {
  readonly #db: pg.Pool;
  readonly #clock: Clock;

  /** @param clock real time, to forget links by */
  constructor(db: pg.Pool, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /**
   * A new secret for an order. Those that were sent before keep working as long as the order is open: whoever gets a
   * reminder may still open the notice, and a notice that is sent twice may arrive either time.
   * @param task the id of a Task
   */
  async issue(task: string): Promise<string> {
    const now = this.#clock.now().getTime();
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    await this.#db.query('insert into order_link (hash, task, created) values ($1, $2, $3)', [hash(secret), task, now]);
    await this.#db.query(
      `delete from order_link where hash in
         (select hash from order_link where created < $2
          union all (select hash from order_link where task = $1 order by created desc, hash offset $3))`,
      [task, now - KEPT_MS, LINKS_OF_ORDER_MAX],
    );
    return secret;
  }

  /** The id of the order that a secret leads to; undefined where it leads to none. */
  async find(secret: string): Promise<string | undefined> {
    if (!SECRET.test(secret)) return undefined;
    const { rows } = await this.#db.query<{ task: string }>({
      name: 'order of link',
      text: 'select task from order_link where hash = $1',
      values: [hash(secret)],
    });
    return rows[0]?.task;
  }
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
