import type { SessionOwner } from '../../src/identity/accounts/sessions.ts';
import type { TestServer } from './fhir-server.ts';

/** Headers that say who asks, for a server with `identity: true`. */
export type Credentials = Readonly<Record<string, string>>;

/** A system by its id and secret: `demo-ehr` (all of Haukeland), `demo-admin` (everything). */
export function basic(client: string, secret = 'demo'): Credentials {
  return { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` };
}

/** A person of the demo (`lu`, `lc`, `lu2`, `sc`, `patient`) who signs in on the page, and what their browser then sends. */
export async function signedIn(server: TestServer, login: string, password = 'demo'): Promise<Credentials> {
  const answer = await fetch(`${server.url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: server.url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ action: 'password', login, password }).toString(),
  });
  const cookie = cookieOf(answer, 'svar-session');
  if (cookie === undefined) throw new Error(`${login} was not signed in: ${answer.status} ${await answer.text()}`);
  return { cookie, 'x-medplum': 'extended' };
}

/** Anybody at all, as if they had signed in: a patient that the test made, a role of the test's own. */
export async function signedInAs(server: TestServer, who: Partial<SessionOwner>): Promise<Credentials> {
  const { sessions } = server.identity ?? {};
  if (sessions === undefined) throw new Error('the server needs identity: true');
  const { cookie } = await sessions.begin({ subject: 'account of a test', strength: 'two-factor', ...who });
  return { cookie: `svar-session=${cookie}`, 'x-medplum': 'extended' };
}

/** `name=value` of a cookie that an answer sets; undefined where it sets none, or takes it away. */
export function cookieOf(answer: Response, name: string): string | undefined {
  const pair = answer.headers
    .getSetCookie()
    .map((header) => header.split(';', 1)[0] ?? '')
    .find((each) => each.startsWith(`${name}=`));
  return pair === `${name}=` ? undefined : pair;
}
