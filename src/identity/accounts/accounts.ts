import { randomInt, randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../../model/clock.ts';
import { fhirError } from '../../model/issue.ts';
import type { Secrets } from '../../runtime/secrets.ts';
import { type Account, checkAccount, isLoginName, loginName } from './account.ts';
import type { Passwords } from './password.ts';
import type { Sessions } from './sessions.ts';

export interface AccountParts {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
}

export interface NewAccount {
  readonly login: string;
  readonly fhirUser: string;
  /** E.164; codes and first passwords are sent to it. */
  readonly mobile?: string;
}

/** What a sign-in needs beside the account: hashes and secrets, which go no further. */
export interface Credentials extends Account {
  readonly passwordHash: string | undefined;
  /** Of a password that was sent and has not run out. */
  readonly temporaryHash: string | undefined;
  readonly totpSealed: Buffer | undefined;
  readonly totpStep: number;
}

interface Row {
  id: string;
  login: string;
  password: string | null;
  temporary: string | null;
  temporary_until: string | null;
  totp: Buffer | null;
  totp_step: string;
  mobile: Buffer | null;
  fhir_user: string;
  state: Account['state'];
  demo: boolean;
  created: string;
}

const TOTP = 'account totp';
const MOBILE = 'account mobile';
/** How long a password that was sent may be used the first time. */
const FIRST_PASSWORD_MS = 7 * 86_400_000;
const NEW_PASSWORD_MS = 30 * 60_000;
/** An application that nobody has answered by then is not going to be. */
const WAITING_MS = 90 * 86_400_000;
/** More applications are not taken: somebody sends them to fill the list that coordinators read. */
export const WAITING_MAX = 1000;
/** Without what is mistaken for something else; 12 of them are 58 bits. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** What goes on where all else of an account ends: a session by its id, a sign-in under way by the hash of its ticket. */
export interface Kept {
  readonly session?: string;
  readonly ticket?: Buffer;
}

/** The accounts of this server: what an operator, a coordinator and a sign-in do with them. */
export class Accounts {
  readonly #parts: AccountParts;

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  /**
   * Makes an account that waits for its first sign-in.
   *
   * @returns the account and its first password, to be sent to its owner and kept nowhere
   * @throws FhirError 422 where something cannot be so, 409 where the login name is taken
   */
  async add(given: NewAccount): Promise<{ readonly account: Account; readonly temporary: string }> {
    checkAccount(given);
    const { pool, secrets, passwords } = this.#parts;
    const temporary = temporaryPassword();
    const now = this.#now();
    const { rows } = await pool.query<Row>(
      `insert into account (id, login, temporary, temporary_until, mobile, fhir_user, state, created)
       values ($1, $2, $3, $4, $5, $6, 'active', $7) on conflict (login) do nothing returning *`,
      [
        randomUUID(),
        loginName(given.login),
        await passwords.hash(temporary),
        now + FIRST_PASSWORD_MS,
        given.mobile === undefined ? null : secrets.seal(MOBILE, Buffer.from(given.mobile)),
        given.fhirUser,
        now,
      ],
    );
    if (rows[0] === undefined) throw fhirError(409, 'duplicate', 'There is an account with this login name already.');
    return { account: accountOf(rows[0]), temporary };
  }

  /**
   * Makes an account for somebody who has applied for a role: without a password until they hold one.
   *
   * @throws FhirError 422 where something cannot be so, 409 where the login name is taken
   */
  async request(given: NewAccount & { readonly mobile: string }): Promise<void> {
    checkAccount(given);
    const { pool, secrets } = this.#parts;
    const { rowCount } = await pool.query(
      `insert into account (id, login, mobile, fhir_user, state, created) values ($1, $2, $3, $4, 'waiting', $5)
       on conflict (login) do nothing`,
      [
        randomUUID(),
        loginName(given.login),
        secrets.seal(MOBILE, Buffer.from(given.mobile)),
        given.fhirUser,
        this.#now(),
      ],
    );
    if (rowCount === 0) throw fhirError(409, 'duplicate', 'There is an account with this login name already.');
  }

  /** Accounts that wait for a role, the oldest first; those that nobody gave one in time are gone. */
  async waiting(): Promise<readonly Account[]> {
    const { pool } = this.#parts;
    await pool.query(`delete from account where state = 'waiting' and created < $1`, [this.#now() - WAITING_MS]);
    const { rows } = await pool.query<Row>(
      `select * from account where state = 'waiting' order by created limit ${WAITING_MAX}`,
    );
    return rows.map(accountOf);
  }

  /** Opens an account that waited. @returns its first password; undefined where another process was first */
  async welcome(id: string): Promise<string | undefined> {
    const { pool, passwords } = this.#parts;
    const temporary = temporaryPassword();
    const { rowCount } = await pool.query(
      `update account set state = 'active', temporary = $2, temporary_until = $3 where id = $1 and state = 'waiting'`,
      [id, await passwords.hash(temporary), this.#now() + FIRST_PASSWORD_MS],
    );
    return rowCount === 1 ? temporary : undefined;
  }

  /** Makes or renews an account of the demo, with the demo's password. */
  async addDemo(given: NewAccount & { readonly password: string }): Promise<void> {
    const { pool, passwords } = this.#parts;
    const { rows } = await pool.query<Row>('select * from account where login = $1', [given.login]);
    const there = rows[0];
    if (there !== undefined && !there.demo) return;
    if (there?.password && (await passwords.matches(given.password, [there.password])) === 0) return;
    await pool.query(
      `insert into account (id, login, password, fhir_user, state, demo, created) values ($1, $2, $3, $4, 'active', true, $5)
       on conflict (login) do update set password = excluded.password, fhir_user = excluded.fhir_user where account.demo`,
      [randomUUID(), given.login, await passwords.hash(given.password), given.fhirUser, this.#now()],
    );
  }

  async find(id: string): Promise<Credentials | undefined> {
    const { rows } = await this.#parts.pool.query<Row>('select * from account where id = $1', [id]);
    return rows[0] && this.#credentialsOf(rows[0]);
  }

  /** @param login as typed */
  async named(login: string): Promise<Credentials | undefined> {
    if (!isLoginName(login)) return undefined;
    const { rows } = await this.#parts.pool.query<Row>('select * from account where login = $1', [loginName(login)]);
    return rows[0] && this.#credentialsOf(rows[0]);
  }

  /** All accounts, or those of one person, by login name. */
  async list(fhirUser?: string): Promise<readonly Account[]> {
    const { rows } = await this.#parts.pool.query<Row>(
      'select * from account where $1::text is null or fhir_user = $1 order by login limit 10000',
      [fhirUser ?? null],
    );
    return rows.map(accountOf);
  }

  /** Locked, nobody signs in and every session and sign-in under way is over; unlocked, failed sign-ins are forgotten by the caller. */
  async setState(id: string, state: Account['state']): Promise<void> {
    await this.#parts.pool.query('update account set state = $2 where id = $1', [id, state]);
    if (state === 'locked') await this.#endAll(id);
  }

  /** Sets a password of the owner's own; every session and sign-in under way is over, but those to be kept. */
  async setPassword(id: string, password: string, keep: Kept = {}): Promise<void> {
    const hash = await this.#parts.passwords.hash(password);
    await this.#parts.pool.query(
      'update account set password = $2, temporary = null, temporary_until = null where id = $1',
      [id, hash],
    );
    await this.#endAll(id, keep);
  }

  /** The same password, hashed with today's parameters. */
  async rehash(id: string, password: string, old: string): Promise<void> {
    const hash = await this.#parts.passwords.hash(password);
    await this.#parts.pool.query('update account set password = $2 where id = $1 and password = $3', [id, hash, old]);
  }

  /**
   * A password that may be used once, for a short time, to choose a new one; the old one stays valid until then, so that
   * nobody can take away an account's password by asking for another.
   *
   * @param withNew also takes the old password away, and the authenticator app: the operator's way for who has lost both
   */
  async temporaryPassword(id: string, withNew: { readonly anew: boolean }): Promise<string> {
    const temporary = temporaryPassword();
    const hash = await this.#parts.passwords.hash(temporary);
    const until = this.#now() + (withNew.anew ? FIRST_PASSWORD_MS : NEW_PASSWORD_MS);
    const more = withNew.anew ? ', password = null, totp = null, totp_step = 0' : '';
    await this.#parts.pool.query(`update account set temporary = $2, temporary_until = $3${more} where id = $1`, [
      id,
      hash,
      until,
    ]);
    if (withNew.anew) await this.#endAll(id);
    return temporary;
  }

  async setMobile(id: string, mobile: string): Promise<void> {
    const sealed = this.#parts.secrets.seal(MOBILE, Buffer.from(mobile));
    await this.#parts.pool.query('update account set mobile = $2 where id = $1', [id, sealed]);
  }

  async mobileOf(id: string): Promise<string | undefined> {
    const { rows } = await this.#parts.pool.query<Row>('select * from account where id = $1', [id]);
    const sealed = rows[0]?.mobile;
    return sealed ? this.#parts.secrets.unseal(MOBILE, sealed).toString() : undefined;
  }

  sealTotp(secret: string): Buffer {
    return this.#parts.secrets.seal(TOTP, Buffer.from(secret));
  }

  unsealTotp(sealed: Buffer): string {
    return this.#parts.secrets.unseal(TOTP, sealed).toString();
  }

  async setTotp(id: string, sealed: Buffer, step: number): Promise<void> {
    await this.#parts.pool.query('update account set totp = $2, totp_step = $3 where id = $1', [id, sealed, step]);
  }

  /** Notes that the code of a time step was used. @returns false where it, or a later one, was used before */
  async useTotpStep(id: string, step: number): Promise<boolean> {
    const { rowCount } = await this.#parts.pool.query(
      'update account set totp_step = $2 where id = $1 and totp_step < $2',
      [id, step],
    );
    return rowCount === 1;
  }

  /** Login names of the demo's accounts: production does not start with any. */
  async demoLogins(): Promise<readonly string[]> {
    const { rows } = await this.#parts.pool.query<{ login: string }>('select login from account where demo order by 1');
    return rows.map(({ login }) => login);
  }

  /** Sign-ins under way first: one that ends in a session meanwhile is over with the sessions. */
  async #endAll(id: string, { session, ticket }: Kept = {}): Promise<void> {
    await this.#parts.pool.query('delete from sign_in where account = $1 and hash is distinct from $2', [
      id,
      ticket ?? null,
    ]);
    await this.#parts.sessions.revokeAll(id, session);
  }

  #now(): number {
    return this.#parts.clock.now().getTime();
  }

  #credentialsOf(row: Row): Credentials {
    const current = row.temporary_until !== null && Number(row.temporary_until) > this.#now();
    return {
      ...accountOf(row),
      passwordHash: row.password ?? undefined,
      temporaryHash: current ? (row.temporary ?? undefined) : undefined,
      totpSealed: row.totp ?? undefined,
      totpStep: Number(row.totp_step),
    };
  }
}

function accountOf(row: Row): Account {
  return {
    id: row.id,
    login: row.login,
    fhirUser: row.fhir_user,
    state: row.state,
    demo: row.demo,
    totp: row.totp !== null,
    mobile: row.mobile !== null,
    ready: row.password !== null,
    created: Number(row.created),
  };
}

function temporaryPassword(): string {
  const letters = Array.from({ length: 12 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}
