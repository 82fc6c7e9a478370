import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../model/clock.ts';
import type { Secrets } from '../runtime/secrets.ts';

/** What an open page wants to be told about. */
export interface LiveSubscription {
  readonly id: string;
  /** The sign-in that it is for. */
  readonly session: string;
  /** As in Subscription.criteria: `Task?code=x`. */
  readonly criteria: string;
}

/** A page has a handful; who forgets to end theirs loses the oldest. */
const OF_SESSION_MAX = 50;
/** A page that stays open asks for a new token before this, which prolongs. */
const KEPT_MS = 2 * 3_600_000;
const PURPOSE = 'criteria of a live subscription';

/** Subscriptions by websocket, for as long as somebody may be connected: shared by all processes on a database. */
export class LiveSubscriptions {
  readonly #db: pg.Pool;
  readonly #clock: Clock;
  readonly #secrets: Secrets;

  /** @param clock real time */
  constructor(db: pg.Pool, clock: Clock, secrets: Secrets) {
    this.#db = db;
    this.#clock = clock;
    this.#secrets = secrets;
  }

  async create(session: string, criteria: string): Promise<LiveSubscription> {
    const now = this.#clock.now().getTime();
    const id = randomUUID();
    await this.#db.query(
      `delete from live_subscription where expires < $1 or id in
         (select id from live_subscription where session = $2 order by expires desc offset $3)`,
      [now, session, OF_SESSION_MAX - 1],
    );
    await this.#db.query('insert into live_subscription (id, session, criteria, expires) values ($1, $2, $3, $4)', [
      ...[id, session, this.#secrets.seal(PURPOSE, Buffer.from(criteria))],
      now + KEPT_MS,
    ]);
    return { id, session, criteria };
  }

  /** The subscription of a sign-in, which is kept for longer by that; undefined where it has none with this id. */
  async prolong(id: string, session: string): Promise<LiveSubscription | undefined> {
    const now = this.#clock.now().getTime();
    const { rows } = await this.#db.query<{ criteria: Buffer }>(
      'update live_subscription set expires = $4 where id = $1 and session = $2 and expires > $3 returning criteria',
      [id, session, now, now + KEPT_MS],
    );
    const [row] = rows;
    return row && { id, session, criteria: this.#secrets.unseal(PURPOSE, row.criteria).toString() };
  }
}
