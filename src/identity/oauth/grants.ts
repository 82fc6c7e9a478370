import type { Queryable } from '../../model/queryable.ts';
import type { Secrets } from '../../runtime/secrets.ts';
import type { SignedIn } from './interaction.ts';

/** What a person lets a program do: what stands behind every token of theirs. */
export interface Grant extends SignedIn {
  readonly id: string;
  readonly client: string;
  /** Bound by no scopes: whatever the role allows. */
  readonly full: boolean;
  /** Outlives the ordinary end of the session (`offline_access`). */
  readonly offline: boolean;
  readonly context: LaunchContext;
}

/** SMART App Launch 2.2, "Launch context": what the token response tells the app. */
export interface LaunchContext {
  /** The id of a Patient. */
  readonly patient?: string;
  readonly encounter?: string;
  /** `EpisodeOfCare/x`, told as fhirContext. */
  readonly course?: string;
  readonly intent?: string;
}

const PURPOSE = 'oauth grant';

/** @param expires ms since 1970 */
export async function storeGrant(db: Queryable, secrets: Secrets, grant: Grant, expires: number): Promise<void> {
  const { id, client, account, session, offline, ...rest } = grant;
  await db.query({
    text: `insert into oauth_grant (id, client, account, session, offline, sealed, expires)
      values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [id, client, account, session, offline, secrets.seal(PURPOSE, Buffer.from(JSON.stringify(rest))), expires],
  });
}

/** @param now ms since 1970 @returns undefined where it was revoked or has expired */
export async function storedGrant(
  db: Queryable,
  secrets: Secrets,
  id: string,
  now: number,
): Promise<Grant | undefined> {
  const { rows } = await db.query<{
    client: string;
    account: string;
    session: string;
    offline: boolean;
    sealed: Buffer;
  }>({
    name: 'oauth_grant',
    text: 'select client, account, session, offline, sealed from oauth_grant where id = $1 and expires > $2',
    values: [id, now],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  const { client, account, session, offline, sealed } = row;
  // sealed by storeGrant
  const rest = JSON.parse(secrets.unseal(PURPOSE, sealed).toString()) as Omit<Grant, 'id'>;
  return { ...rest, id, client, account, session, offline };
}

/** What tells which grants an app acts by: the sign-in that they came of, and the app. */
interface Granted {
  readonly session: string;
  readonly client: string;
}

/** Those that have a grant that stands. @param now ms since 1970 */
export async function standingGrants<G extends Granted>(
  db: Queryable,
  asked: readonly G[],
  now: number,
): Promise<readonly G[]> {
  if (asked.length === 0) return [];
  const { rows } = await db.query<Granted>({
    name: 'oauth_grants',
    text: 'select distinct session, client from oauth_grant where session = any($1::text[]) and expires > $2',
    values: [[...new Set(asked.map(({ session }) => session))], now],
  });
  const stand = new Set(rows.map(({ session, client }) => JSON.stringify([session, client])));
  return asked.filter(({ session, client }) => stand.has(JSON.stringify([session, client])));
}

/** Which grants end: of one sign-in, of one account (but those of one sign-in), or one alone. */
export type Ending =
  | { readonly session: string }
  | { readonly account: string; readonly except?: string }
  | { readonly grant: string };

/**
 * Ends grants, with all their codes and tokens.
 * @param how `revoke` all of them; `sign-out` those that were not given beyond the session
 */
export async function endGrants(db: Queryable, which: Ending, how: 'revoke' | 'sign-out' = 'revoke'): Promise<void> {
  const [column, value, except] =
    'session' in which
      ? ['session', which.session]
      : 'account' in which
        ? ['account', which.account, which.except]
        : ['id', which.grant];
  await db.query({
    text: `with ended as (delete from oauth_grant
        where ${column} = $1 and (not offline or $2) and session is distinct from $3 returning id)
      delete from oauth_state where grant_id in (select id from ended)`,
    values: [value, how === 'revoke', except ?? null],
  });
}
