import { createHash } from 'node:crypto';
import type { Observation, OperationOutcome, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import { CONSENTED, hads, observation, order, REFUSED } from '../access/policy-world.ts';
import { app, bearer, post } from '../identity/oauth/kit.ts';
import { type Course, refer, response, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Reply, type Rest, rest } from '../kit/rest.ts';
import { basic, type Credentials, signedIn, signedInAs } from '../kit/sign-in.ts';

/** A course with one of everything that somebody might want. */
export interface Victim extends Course {
  readonly fnr: string;
  readonly hospital: string;
  /** What the clinicians answered: locked. */
  readonly to: string;
  /** An open order of HADS, and the patient's answer to an order before. */
  readonly task: string;
  readonly answer: string;
  readonly score: string;
  readonly observation: string;
}

export type Person = 'lu' | 'lc' | 'lu2' | 'sc';
type Clients = Readonly<Record<Person | 'admin' | 'ehr' | 'nobody', Rest>>;

/** A server at which all have signed in as they do: by password and cookie, or by a system's secret. */
export interface Attacked {
  readonly server: TestServer;
  readonly as: Clients;
  readonly cookies: Readonly<Record<Person, Credentials>>;
  /** In the national registry, at Haukeland. */
  readonly national: Victim;
  /** At Haukeland, in the local registry alone. */
  readonly local: Victim;
  /** In the national registry, at St. Olavs. */
  readonly elsewhere: Victim;
  patient(course: Course): Promise<Rest>;
}

const AT = '2026-03-02T09:00:00+01:00';

export async function attacked(options: Parameters<typeof testServer>[0] = {}): Promise<Attacked> {
  const server = await testServer({ identity: true, background: false, ...options });
  const admin = rest(server.base, basic('demo-admin'));
  const cookies = {
    lu: await signedIn(server, 'lu'),
    lc: await signedIn(server, 'lc'),
    lu2: await signedIn(server, 'lu2'),
    sc: await signedIn(server, 'sc'),
  };
  return {
    server,
    cookies,
    as: {
      admin,
      ehr: rest(server.base, basic('demo-ehr')),
      nobody: rest(server.base),
      lu: rest(server.base, cookies.lu),
      lc: rest(server.base, cookies.lc),
      lu2: rest(server.base, cookies.lu2),
      sc: rest(server.base, cookies.sc),
    },
    national: await victim(server, admin, 'haukeland', '13916900281', CONSENTED),
    local: await victim(server, admin, 'haukeland', '13916900443', REFUSED),
    elsewhere: await victim(server, admin, 'st-olavs', '13916900362', CONSENTED),
    patient: async ({ patient }) => rest(server.base, await signedInAs(server, { fhirUser: `Patient/${patient}` })),
  };
}

async function victim(
  server: TestServer,
  admin: Rest,
  hospital: string,
  fnr: string,
  answers: Parameters<typeof toItems>[0],
): Promise<Victim> {
  const course = await refer(admin, { hospital, fnr });
  const made = async <R extends Resource>(resource: R): Promise<string> => {
    const { status, body } = await admin.post<R>(resource.resourceType, resource);
    if (status !== 201 || body.id === undefined) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body.id;
  };
  const to = await made(response(course, 'smertereg-to', 'completed', toItems(answers), AT));
  const answer = await made(hads(course, 'completed'));
  await server.fhir.runner.drain();
  const [score] = await admin.search<Observation>(`Observation?derived-from=QuestionnaireResponse/${answer}`);
  if (score?.id === undefined) throw new Error('no score');
  return {
    ...course,
    ...{ fnr, hospital, to, answer, score: score.id },
    observation: await made(observation(course)),
    task: await made({ ...order(course), authoredOn: new Date().toISOString() }),
  };
}

const NUMBER = 'urn:oid:2.16.578.1.12.4.1.4.1';
export const numberOf = ({ fnr }: Pick<Victim, 'fnr'>): string => `${NUMBER}|${fnr}`;

/** Somebody who never was: ids of the server's own form, and a number of nobody. */
export const nobody: Victim = {
  ...{ patient: '0ca9000000000001', referral: '0ca9000000000002', episode: '0ca9000000000003', fnr: '13916900524' },
  ...{ to: '0ca9000000000004', task: '0ca9000000000005', answer: '0ca9000000000006', score: '0ca9000000000007' },
  ...{ observation: '0ca9000000000008', hospital: 'haukeland' },
};

export type Asked = readonly [method: string, path: string, body?: unknown, headers?: Record<string, string>];

/** What an answer tells, with the names by which it was asked for taken out, and what differs each time. */
export function told({ status, headers, body }: Reply<unknown>, of: Victim): string {
  const kept = ['etag', 'last-modified', 'location', 'cache-control', 'content-type', 'allow'];
  let text = JSON.stringify([status, kept.map((name) => headers.get(name)), body ?? null]);
  for (const [name, value] of Object.entries(of)) if (name !== 'hospital') text = text.replaceAll(value, `{${name}}`);
  return text
    .replace(/"lastUpdated":"[^"]*"/g, '')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|\+\d\d:\d\d)/g, '{time}')
    .replace(/127\.0\.0\.1:\d+/g, '{host}');
}

/** How what is asked about somebody differs from the same about nobody; empty where it does not. */
export async function differences(client: Rest, of: Victim, asked: readonly ((one: Victim) => Asked)[]) {
  const found: string[] = [];
  for (const ask of asked) {
    const [real, never] = [ask(of), ask(nobody)];
    const answers = [told(await client.send(...real), of), told(await client.send(...never), nobody)];
    if (answers[0] !== answers[1]) found.push(`${real[0]} ${real[1]}\n  ${answers[0]}\n  ${answers[1]}`);
  }
  return found;
}

export const words = (body: unknown): string =>
  ((body as OperationOutcome | undefined)?.issue ?? []).map(({ diagnostics }) => diagnostics).join('; ');

export const transaction = (...entry: object[]) => ({ resourceType: 'Bundle', type: 'transaction', entry });
export const batch = (...entry: object[]) => ({ resourceType: 'Bundle', type: 'batch', entry });

/** A JSON Patch as a Bundle carries it. */
export const patchInBinary = (operations: readonly object[]) => ({
  resourceType: 'Binary',
  contentType: 'application/json-patch+json',
  data: Buffer.from(JSON.stringify(operations)).toString('base64'),
});

export const patching = { 'content-type': 'application/json-patch+json' };

/** A form of a course, as a client would send it. */
export const form = (course: Course, fields: Partial<QuestionnaireResponse> = {}): QuestionnaireResponse => ({
  ...hads(course, 'in-progress'),
  ...fields,
});

const VERIFIER = 'a-verifier-of-enough-characters-for-rfc-7636-section-4-1';

/** A token of a person, for an app that may be given `*.cruds`. */
export async function tokenOf(server: TestServer, login: string, scope: string): Promise<string> {
  const client = await app(server, { scopes: ['user/*.cruds', 'patient/*.cruds', 'launch/patient', 'openid'] });
  const begun = await fetch(`${server.url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ email: login, password: 'demo', clientId: client.id, scope },
      ...{ codeChallenge: createHash('sha256').update(VERIFIER).digest('base64url'), codeChallengeMethod: 'S256' },
    }),
  });
  const { code } = (await begun.json()) as { code?: string };
  const { json } = await post(`${server.url}/oauth2/token`, {
    ...{ grant_type: 'authorization_code', client_id: client.id, code_verifier: VERIFIER },
    ...{ code: code ?? '', redirect_uri: 'https://app.example.org/callback' },
  });
  return json.access_token ?? '';
}

export const withToken = (server: TestServer, token: string): Rest => rest(server.base, bearer(token));
