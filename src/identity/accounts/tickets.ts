import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../../model/clock.ts';

/** For whom and for what somebody signs in; kept with the sign-in, so that nobody changes it on the way. */
export type Asked =
  /** Svar's own pages; `back` is a path of this server. */
  | { readonly kind: 'page'; readonly back?: string }
  /** An authorization request that waits (src/identity/oauth/interaction.ts). */
  | { readonly kind: 'interaction'; readonly uid: string }
  /** MedplumClient's sign-in: a code for this client; empty texts where it names none. */
  | {
      readonly kind: 'client';
      readonly client: string;
      readonly scope: string;
      /** S256 */
      readonly codeChallenge: string;
    };

/** A sign-in under way: the password was right. */
export interface Ticket {
  readonly hash: Buffer;
  readonly account: string;
  readonly asked: Asked;
  readonly second: boolean;
  readonly renew: boolean;
  readonly role: string | undefined;
  readonly code: Buffer | undefined;
  readonly codeUntil: number;
  readonly tries: number;
  readonly totp: Buffer | undefined;
}

interface Row {
  hash: Buffer;
  account: string;
  asked: Asked;
  second: boolean;
  renew: boolean;
  role: string | null;
  code: Buffer | null;
  code_until: string | null;
  tries: number;
  totp: Buffer | null;
}

const LIFETIME_MS = 15 * 60_000;

/** The table `sign_in`. Who signs in holds the ticket, 256 random bits; the database its hash. */
export class Tickets {
  readonly #pool: pg.Pool;
  readonly #clock: Clock;

  constructor(pool: pg.Pool, clock: Clock) {
    this.#pool = pool;
    this.#clock = clock;
  }

  async issue(account: string, asked: Asked, renew: boolean): Promise<string> {
    const ticket = randomBytes(32).toString('base64url');
    const now = this.#clock.now().getTime();
    await this.#pool.query('delete from sign_in where expires < $1', [now]);
    await this.#pool.query('insert into sign_in (hash, account, asked, renew, expires) values ($1, $2, $3, $4, $5)', [
      hashOf(ticket),
      account,
      JSON.stringify(asked),
      renew,
      now + LIFETIME_MS,
    ]);
    return ticket;
  }

  async find(ticket: string): Promise<Ticket | undefined> {
    const { rows } = await this.#pool.query<Row>('select * from sign_in where hash = $1 and expires > $2', [
      hashOf(ticket),
      this.#clock.now().getTime(),
    ]);
    return rows[0] && ticketOf(rows[0]);
  }

  /** Counts a try of a code before it is looked at. @returns false where there were `most` already */
  async tried({ hash }: Ticket, most: number): Promise<boolean> {
    const { rowCount } = await this.#pool.query('update sign_in set tries = tries + 1 where hash = $1 and tries < $2', [
      hash,
      most,
    ]);
    return rowCount === 1;
  }

  async codeSent({ hash }: Ticket, code: Buffer, until: number): Promise<void> {
    await this.#pool.query('update sign_in set code = $2, code_until = $3 where hash = $1', [hash, code, until]);
  }

  /** Takes the code away, so that it is worth nothing a second time. @returns false where somebody else was first */
  async codeUsed({ hash }: Ticket, code: Buffer): Promise<boolean> {
    const { rowCount } = await this.#pool.query('update sign_in set code = null where hash = $1 and code = $2', [
      hash,
      code,
    ]);
    return rowCount === 1;
  }

  async secondShown({ hash }: Ticket): Promise<void> {
    await this.#pool.query('update sign_in set second = true, code = null, totp = null where hash = $1', [hash]);
  }

  async enrolling({ hash }: Ticket, totp: Buffer): Promise<void> {
    await this.#pool.query('update sign_in set totp = $2 where hash = $1 and totp is null', [hash, totp]);
  }

  async renewed({ hash }: Ticket): Promise<void> {
    await this.#pool.query('update sign_in set renew = false where hash = $1', [hash]);
  }

  async chosen({ hash }: Ticket, role: string): Promise<void> {
    await this.#pool.query('update sign_in set role = $2 where hash = $1', [hash, role]);
  }

  /** Ends the sign-in. @returns false where it has ended already: it is worth one session */
  async end({ hash }: Ticket): Promise<boolean> {
    const { rowCount } = await this.#pool.query('delete from sign_in where hash = $1', [hash]);
    return rowCount === 1;
  }
}

function ticketOf(row: Row): Ticket {
  const { hash, account, asked, second, renew, tries } = row;
  return {
    ...{ hash, account, asked, second, renew, tries },
    role: row.role ?? undefined,
    code: row.code ?? undefined,
    codeUntil: Number(row.code_until ?? 0),
    totp: row.totp ?? undefined,
  };
}

function hashOf(ticket: string): Buffer {
  return createHash('sha256').update(ticket).digest();
}
