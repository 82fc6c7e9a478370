import { createHash, timingSafeEqual } from 'node:crypto';
import type { JWK } from 'jose';
import type pg from 'pg';
import type { Clock } from '../../model/clock.ts';
import type { Secrets } from '../../runtime/secrets.ts';
import { UpstreamRefused } from './upstream-refused.ts';

/** What has to be known when the person comes back from the provider. */
export interface PendingSignIn {
  readonly provider: string;
  readonly nonce: string;
  readonly verifier: string;
  /** The private key to which the code and the tokens are bound (RFC 9449); undefined without DPoP. */
  readonly dpop: JWK | undefined;
  /** A path of this server. */
  readonly returnTo: string;
  /** Whether they were to sign in anew there, although they might be signed in. */
  readonly anew: boolean;
}

/** How long a person may take at the provider. */
export const PENDING_MS = 10 * 60_000;
/** More that wait are not kept: somebody begins sign-ins to fill the table. */
const PENDING_MAX = 50_000;
const PURPOSE = 'sign-in at an identity provider';

/** Sign-ins under way at identity providers. Each is taken once, by the browser that began it, before it expires. */
export class PendingSignIns {
  readonly #db: pg.Pool;
  readonly #secrets: Secrets;
  readonly #clock: Clock;

  /** @param clock real time, whatever time orders have */
  constructor(db: pg.Pool, secrets: Secrets, clock: Clock) {
    this.#db = db;
    this.#secrets = secrets;
    this.#clock = clock;
  }

  /**
   * @param browser a secret that this browser alone holds, in a cookie
   * @throws UpstreamRefused `unavailable` where too many wait
   */
  async keep(state: string, browser: string, pending: PendingSignIn): Promise<void> {
    const now = this.#clock.now().getTime();
    await this.#db.query('delete from upstream_sign_in where expires <= $1', [now]);
    const sealed = this.#secrets.seal(PURPOSE, Buffer.from(JSON.stringify({ ...pending, browser: digest(browser) })));
    const { rowCount } = await this.#db.query(
      `insert into upstream_sign_in (state, sealed, expires) select $1, $2, $3
       where (select count(*) from upstream_sign_in) < $4`,
      [hash(state), sealed, now + PENDING_MS, PENDING_MAX],
    );
    if (rowCount !== 1) throw new UpstreamRefused('unavailable', 'too many sign-ins are under way');
  }

  /**
   * The sign-in of a state, which is then gone, whoever asked.
   * @throws UpstreamRefused `lost` where there is none, or another browser began it
   */
  async take(state: string, browser: string): Promise<PendingSignIn> {
    const { rows } = await this.#db.query<{ sealed: Buffer }>(
      'delete from upstream_sign_in where state = $1 and expires > $2 returning sealed',
      [hash(state), this.#clock.now().getTime()],
    );
    const [row] = rows;
    if (row === undefined) throw new UpstreamRefused('lost', 'no sign-in has this state');
    const kept = JSON.parse(`${this.#secrets.unseal(PURPOSE, row.sealed)}`) as PendingSignIn & { browser: string };
    const { browser: begunBy, ...pending } = kept;
    if (!timingSafeEqual(Buffer.from(begunBy), Buffer.from(digest(browser)))) {
      throw new UpstreamRefused('lost', 'the sign-in began in another browser');
    }
    return pending;
  }
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function digest(text: string): string {
  return hash(text).toString('base64url');
}
