import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../../model/clock.ts';
import type { Strength } from '../identity.ts';

/** Who signed in, as src/identity/identity.ts has it. */
export interface SessionOwner {
  /** The account's id, or whom an identity provider named. */
  readonly subject: string;
  readonly fhirUser?: string;
  readonly role?: string;
  readonly strength: Strength;
  readonly patient?: string;
  readonly order?: string;
  /** The roles (ids of PractitionerRoles) among which they may choose: those at the hospital they signed in for. Absent: all. */
  readonly roles?: readonly string[];
  /**
   * Who is a patient by several records (each hospital has made its own): those, and what the session is called in each.
   * One is chosen; until then there is no fhirUser, and nothing is in reach. Absent: there is no choice.
   */
  readonly records?: readonly { readonly subject: string; readonly fhirUser: string }[];
  /** By what src/identity/upstream knows the sign-in at an identity provider. */
  readonly upstream?: string;
  /** The page for which they signed in anew at the provider, although they were signed in: `/sign-in/<uid>`. */
  readonly anewFor?: string;
}

/** Those of a person's roles that are open to a session. */
export function openTo<R extends { readonly id: string }>({ roles }: SessionOwner, held: readonly R[]): readonly R[] {
  return roles === undefined ? held : held.filter(({ id }) => roles.includes(id));
}

export interface Session extends SessionOwner {
  /** No secret: stands in tokens and in the audit. */
  readonly id: string;
  /** When they signed in, ms since 1970. */
  readonly created: number;
}

/** NIST SP 800-63B (4.2.3, AAL2): half an hour without a request, twelve hours in all. */
export interface SessionTimes {
  readonly idle_ms: number;
  readonly longest_ms: number;
}

/**
 * Ends what came of sign-ins: grants and tokens. `sign-out` leaves what was given beyond the session (offline access),
 * `revoke` leaves nothing. `except` is a session whose tokens stay.
 */
export type EndTokens = (
  which: { readonly session: string } | { readonly account: string; readonly except?: string },
  how: 'sign-out' | 'revoke',
) => Promise<void>;

interface Row {
  id: string;
  subject: string;
  identity: Omit<SessionOwner, 'subject'>;
  created: string;
  seen: string;
}

/** A request within this time after the last one noted is not noted: a read should not cost a write. */
const SEEN_EVERY_MS = 60_000;
/** How long a session that has ended is still in the database: for who looks into what somebody did. */
const KEPT_MS = 31 * 86_400_000;

/** Sign-ins that were completed: their cookies, and the end of everything that came of them. */
export class Sessions {
  readonly #pool: pg.Pool;
  readonly #clock: Clock;
  readonly #times: SessionTimes;
  readonly #endTokens: EndTokens;

  constructor(pool: pg.Pool, clock: Clock, times: SessionTimes, endTokens: EndTokens) {
    this.#pool = pool;
    this.#clock = clock;
    this.#times = times;
    this.#endTokens = endTokens;
  }

  /**
   * Begins a session, always a new one: what somebody planted in the browser before is worth nothing.
   *
   * @param since when they signed in, ms since 1970: the session ends as long after that as any does
   */
  async begin(
    owner: SessionOwner,
    since = this.#now(),
  ): Promise<{ readonly session: Session; readonly cookie: string }> {
    const { subject, ...identity } = owner;
    const now = this.#now();
    const id = randomUUID();
    const cookie = randomBytes(32).toString('base64url');
    await this.#pool.query('delete from session where expires < $1', [now - KEPT_MS]);
    await this.#pool.query(
      `insert into session (id, hash, subject, identity, created, seen, expires) values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, hashOf(cookie), subject, JSON.stringify(identity), since, now, since + this.#times.longest_ms],
    );
    return { session: { ...owner, id, created: since }, cookie };
  }

  /**
   * The session of a cookie; undefined where there is none, or it is over.
   *
   * @param unattended nobody asks but a page that is open: this does not keep the session
   */
  async ofCookie(cookie: string, unattended = false): Promise<Session | undefined> {
    const now = this.#now();
    const { rows } = await this.#pool.query<Row>({
      name: 'session of cookie',
      text: `select id, subject, identity, created, seen from session
             where hash = $1 and revoked is null and expires > $2 and seen > $3`,
      values: [hashOf(cookie), now, now - this.#times.idle_ms],
    });
    const row = rows[0];
    if (row === undefined) return undefined;
    if (!unattended && Number(row.seen) < now - SEEN_EVERY_MS) {
      await this.#pool.query('update session set seen = $2 where id = $1 and seen < $2', [row.id, now]);
    }
    return sessionOf(row);
  }

  /** Whether a session is not over: neither ended by somebody nor by its time. Half an hour without a request counts not. */
  async stands(id: string): Promise<boolean> {
    const { rowCount } = await this.#pool.query({
      name: 'session stands',
      text: 'select from session where id = $1 and revoked is null and expires > $2',
      values: [id, this.#now()],
    });
    return rowCount === 1;
  }

  /** Those of these sessions that would be found by their cookies now: half an hour without a request counts too. */
  async attended(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const now = this.#now();
    const { rows } = await this.#pool.query<{ id: string }>({
      name: 'sessions attended',
      text: 'select id from session where id = any($1::text[]) and revoked is null and expires > $2 and seen > $3',
      values: [[...new Set(ids)], now, now - this.#times.idle_ms],
    });
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * Chooses another of the person's roles: in a new session, with a new cookie; the old one is over. They have not signed
   * in anew by that, so it ends when the old one would have.
   */
  async withRole(old: Session, role: string): Promise<{ readonly session: Session; readonly cookie: string }> {
    if (openTo(old, [{ id: role }]).length === 0) throw new Error('this role is not open to the session');
    return this.#goOn(old, { role });
  }

  /** Chooses one of the patient's records, as withRole() does a role. @param fhirUser `Patient/x` */
  async withRecord(old: Session, fhirUser: string): Promise<{ readonly session: Session; readonly cookie: string }> {
    const record = old.records?.find((one) => one.fhirUser === fhirUser);
    if (record === undefined) throw new Error('this record is not open to the session');
    return this.#goOn(old, record);
  }

  async #goOn(old: Session, changed: Partial<SessionOwner>) {
    const { id, created, ...owner } = old;
    const begun = await this.begin({ ...owner, ...changed }, created);
    await this.revoke(id);
    return begun;
  }

  /** Signs out: ends a session, and the tokens that came of it and were not given beyond it. */
  async revoke(id: string): Promise<void> {
    await this.#pool.query('update session set revoked = $2 where id = $1 and revoked is null', [id, this.#now()]);
    await this.#endTokens({ session: id }, 'sign-out');
  }

  /** Signs somebody out everywhere, `keep` excepted; no token that came of another session is worth anything. */
  async revokeAll(subject: string, keep?: string): Promise<void> {
    await this.#pool.query(
      'update session set revoked = $2 where subject = $1 and revoked is null and id is distinct from $3',
      [subject, this.#now(), keep ?? null],
    );
    // by account, not by the sessions that were open: what was given beyond one that was signed out of ends too
    await this.#endTokens({ account: subject, ...(keep === undefined ? {} : { except: keep }) }, 'revoke');
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}

function sessionOf({ id, subject, identity, created }: Row): Session {
  return { ...identity, subject, id, created: Number(created) };
}

function hashOf(cookie: string): Buffer {
  return createHash('sha256').update(cookie).digest();
}
