import { createHmac } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../../model/clock.ts';
import type { Secrets } from '../../runtime/secrets.ts';
import { loginName } from './account.ts';

/** So many wrong passwords in a row cost nothing; each one after that doubles the wait. */
const FREE = 5;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 3_600_000;
/** NIST SP 800-63B (3.2.2): no more failures in a row than this; then somebody has to unlock the account. */
const FAILURES_MAX = 100;
/** Failures are forgotten after a day without another, unless there were too many. */
const FORGOTTEN_MS = 86_400_000;
/** How often what is forgotten is deleted: anybody may type names that nobody has. */
const CLEAN_EVERY_MS = 600_000;

/** What was tried: a password, or a code, which may be guessed by whoever has the password. */
export type Tried = 'password' | 'second factor';

/** Whether an attempt may be made. */
export type Admission =
  | { readonly admitted: true }
  /** @property wait_ms undefined: until somebody unlocks the account */
  | { readonly admitted: false; readonly wait_ms: number | undefined };

/**
 * Lockout by login name, with a growing delay, for passwords and for second factors apart. An attempt is counted before its password is looked at, in one statement,
 * so that many at the same time are worth no more than one after the other. Names are known by a keyed hash only: people
 * type passwords into that field. A name without an account is treated the same, so the wait tells nothing.
 */
export class Failures {
  readonly #pool: pg.Pool;
  readonly #clock: Clock;
  readonly #secret: Buffer;
  #cleaned = 0;

  constructor(pool: pg.Pool, clock: Clock, secrets: Secrets) {
    this.#pool = pool;
    this.#clock = clock;
    this.#secret = secrets.key('names of failed sign-ins');
  }

  /** Counts an attempt as failed until `forget` says otherwise. @param login as typed */
  async admit(login: string, tried: Tried = 'password'): Promise<Admission> {
    const key = this.#keyOf(login, tried);
    const now = this.#clock.now().getTime();
    if (Math.abs(now - this.#cleaned) > CLEAN_EVERY_MS) {
      this.#cleaned = now;
      await this.#pool.query(`delete from sign_in_failure where last < $1 and failures < ${FAILURES_MAX}`, [
        now - FORGOTTEN_MS,
      ]);
    }
    const { rowCount } = await this.#pool.query(
      `insert into sign_in_failure as f (key, failures, last, next) values ($1, 1, $2, $2)
       on conflict (key) do update set (failures, last, next) = (
         select n, $2, case when n < ${FREE} then $2 else
           $2 + least(${LONGEST_WAIT_MS}, ${FIRST_WAIT_MS} * 2 ^ (n - ${FREE}))::int8 end
         from (select case when f.last < $2 - ${FORGOTTEN_MS} then 1 else f.failures + 1 end) as counted (n))
       where f.next <= $2 and f.failures < ${FAILURES_MAX}`,
      [key, now],
    );
    if (rowCount === 1) return { admitted: true };
    const { rows } = await this.#pool.query<{ failures: number; next: string }>(
      'select failures, next from sign_in_failure where key = $1',
      [key],
    );
    const { failures = 0, next = '0' } = rows[0] ?? {};
    return { admitted: false, wait_ms: failures >= FAILURES_MAX ? undefined : Math.max(Number(next) - now, 1000) };
  }

  /** After a right password or code; both when somebody unlocks the account. */
  async forget(login: string, ...tried: readonly Tried[]): Promise<void> {
    const keys = tried.map((each) => this.#keyOf(login, each));
    await this.#pool.query('delete from sign_in_failure where key = any($1::bytea[])', [keys]);
  }

  #keyOf(login: string, tried: Tried): Buffer {
    return createHmac('sha256', this.#secret)
      .update(`${tried}\n${loginName(login)}`)
      .digest();
  }
}
