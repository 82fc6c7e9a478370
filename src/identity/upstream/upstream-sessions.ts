import type pg from 'pg';
import type { Clock } from '../../model/clock.ts';
import type { Secrets } from '../../runtime/secrets.ts';

const PURPOSE = 'sign-out at an identity provider';
/** No session lasts longer. */
const KEPT_MS = 24 * 3_600_000;

/** What providers want to see when somebody signs out there too: the id_token, sealed, for as long as a session lasts. */
export class UpstreamSessions {
  readonly #db: pg.Pool;
  readonly #secrets: Secrets;
  readonly #clock: Clock;

  /** @param clock real time */
  constructor(db: pg.Pool, secrets: Secrets, clock: Clock) {
    this.#db = db;
    this.#secrets = secrets;
    this.#clock = clock;
  }

  async keep(session: string, provider: string, idToken: string): Promise<void> {
    const now = this.#clock.now().getTime();
    await this.#db.query('delete from upstream_session where expires <= $1', [now]);
    await this.#db.query('insert into upstream_session (session, provider, sealed, expires) values ($1, $2, $3, $4)', [
      session,
      provider,
      this.#secrets.seal(PURPOSE, Buffer.from(idToken)),
      now + KEPT_MS,
    ]);
  }

  /** What was kept for a session, which is then gone; undefined where it did not come from a provider. */
  async take(session: string): Promise<{ readonly provider: string; readonly idToken: string } | undefined> {
    const { rows } = await this.#db.query<{ provider: string; sealed: Buffer }>(
      'delete from upstream_session where session = $1 and expires > $2 returning provider, sealed',
      [session, this.#clock.now().getTime()],
    );
    const [row] = rows;
    return row && { provider: row.provider, idToken: `${this.#secrets.unseal(PURPOSE, row.sealed)}` };
  }
}
