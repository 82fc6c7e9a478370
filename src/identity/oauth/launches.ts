import { createHash, randomBytes } from 'node:crypto';
import type { Queryable } from '../../model/queryable.ts';
import type { Secrets } from '../../runtime/secrets.ts';
import type { LaunchContext } from './grants.ts';

/** What an EHR system, or Svar's own app, opens an app with. */
export interface Launch {
  /** The app that is launched; no other may take it up. */
  readonly client: string;
  /** Who is launching: `Practitioner/x` or `Patient/x`; nobody else may take it up. */
  readonly user: string;
  readonly context: LaunchContext & { readonly patient: string };
}

export const LAUNCH_LIFETIME_MS = 5 * 60 * 1000;

const PURPOSE = 'oauth launch';

/** Keeps a launch for LAUNCH_LIFETIME_MS. @param now ms since 1970 @returns the `launch` parameter */
export async function storeLaunch(db: Queryable, secrets: Secrets, launch: Launch, now: number): Promise<string> {
  const parameter = randomBytes(32).toString('base64url');
  await db.query({
    text: 'insert into oauth_launch (id, sealed, expires) values ($1, $2, $3)',
    values: [idOf(parameter), secrets.seal(PURPOSE, Buffer.from(JSON.stringify(launch))), now + LAUNCH_LIFETIME_MS],
  });
  return parameter;
}

/** The launch of a parameter; undefined where there is none, or it was taken up or has expired. */
export async function launchOf(db: Queryable, secrets: Secrets, parameter: string, now: number) {
  return launchBy(db, secrets, 'select sealed from oauth_launch where id = $1 and expires > $2', parameter, now);
}

/** The same, and nobody can take it up again: of two at the same time one gets it. */
export async function takeLaunch(db: Queryable, secrets: Secrets, parameter: string, now: number) {
  const text = 'delete from oauth_launch where id = $1 and expires > $2 returning sealed';
  return launchBy(db, secrets, text, parameter, now);
}

async function launchBy(
  db: Queryable,
  secrets: Secrets,
  text: string,
  parameter: string,
  now: number,
): Promise<Launch | undefined> {
  const { rows } = await db.query<{ sealed: Buffer }>({ text, values: [idOf(parameter), now] });
  // sealed by storeLaunch
  return rows[0] && (JSON.parse(secrets.unseal(PURPOSE, rows[0].sealed).toString()) as Launch);
}

function idOf(parameter: string): Buffer {
  return createHash('sha256').update(parameter).digest();
}
