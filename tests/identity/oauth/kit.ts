import { createHash, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { createHttpServer, drain } from '../../../src/http/server.ts';
import type { Identity } from '../../../src/identity/identity.ts';
import {
  type AuthorizationServer,
  createAuthorizationServer,
} from '../../../src/identity/oauth/authorization-server.ts';
import { addClient } from '../../../src/identity/oauth/client-store.ts';
import type { ClientRegistration } from '../../../src/identity/oauth/clients.ts';
import type { SignedIn } from '../../../src/identity/oauth/interaction.ts';
import { Unauthenticated } from '../../../src/identity/unauthenticated.ts';
import { secretsOf } from '../../../src/runtime/secrets.ts';
import { type TestDatabase, testDatabase } from '../../kit/database.ts';

/** The authorization server alone over HTTP, with a sign-in that lets `person` in, and a FHIR base that says who asks. */
export interface OauthServer {
  readonly url: string;
  readonly fhirBase: string;
  readonly database: TestDatabase;
  readonly oauth: AuthorizationServer;
  /** Who signs in next. */
  person: SignedIn;
  /** Patients whom clinicians may read, and what they are called. */
  readonly patients: Map<string, string>;
  /** Added to the machine's clock. */
  skewMs: number;
  readonly fetched: string[];
  /** What the operator was told. */
  readonly logged: string[];
  /** Sessions that have ended. */
  readonly over: Set<string>;
  close(): Promise<void>;
}

export const secrets = secretsOf(Buffer.alloc(32, 7));

export const clinician: SignedIn = {
  account: 'account-lu',
  fhirUser: 'Practitioner/lu',
  role: 'role-lu',
  strength: 'two-factor',
  session: 'session-lu',
  at: 1_700_000_000,
};

export const patient: SignedIn = {
  account: 'account-kari',
  fhirUser: 'Patient/kari',
  strength: 'federated',
  session: 'session-kari',
  at: 1_700_000_000,
};

export interface OauthServerOptions {
  readonly database?: TestDatabase;
  /** At which clients reach it: another process of the same server has the same. */
  readonly baseUrl?: string;
  readonly demo?: boolean;
  /** What a key set's address answers. */
  readonly keySets?: (address: string) => Promise<Response>;
}

export async function oauthServer(options: OauthServerOptions = {}): Promise<OauthServer> {
  const database = options.database ?? (await testDatabase());
  const late: { app?: express.Express } = {};
  const server = createHttpServer((request, response) => late.app?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const baseUrl = options.baseUrl ?? url;
  const fhirBase = `${baseUrl}/fhir/R4`;
  const made: Pick<OauthServer, 'person' | 'patients' | 'skewMs' | 'fetched' | 'logged' | 'over'> = {
    person: clinician,
    patients: new Map([
      ['kari', 'Kari Prøve, 1960'],
      ['ola', 'Ola Prøve, 1971'],
    ]),
    skewMs: 0,
    fetched: [],
    logged: [],
    over: new Set(),
  };
  const state = made as OauthServer;
  const oauth = createAuthorizationServer({
    db: database.pool,
    secrets,
    baseUrl,
    fhirBase,
    demo: options.demo ?? true,
    clock: { now: () => new Date(Date.now() + state.skewMs) },
    fetch: async (address) => {
      state.fetched.push(address);
      return (await options.keySets?.(address)) ?? Response.error();
    },
    scopeFaults: (scopes) => (scopes.includes('?unknown=') ? ['a constraint that cannot be applied'] : []),
    choice: {
      patients: async (_who, text) =>
        [...state.patients].filter(([, display]) => display.includes(text)).map(([id, display]) => ({ id, display })),
      patientOf: async (_who, reference) =>
        /^(Encounter\/e1|EpisodeOfCare\/c1)$/.test(reference) ? 'Patient/ola' : undefined,
      mayRead: async (who, id) =>
        who.fhirUser === `Patient/${id}` || (who.patient === undefined && state.patients.has(id)),
    },
    sessionStands: async (session) => !state.over.has(session),
    nameOf: async (reference) => `Name of ${reference}`,
    refused: () => undefined,
    log: {
      info: (details, message) => state.logged.push(`${message} ${JSON.stringify(details)}`),
      error: (details) => process.stderr.write(`${JSON.stringify(details)}\n`),
    },
  });
  const app = express();
  app.use(oauth.router);
  app.get('/sign-in/:uid', async (request, response) => {
    const pending = await oauth.interactionDetails(request, response);
    if (pending === undefined) response.status(400).send('no sign-in');
    else await oauth.finishSignIn(request, response, state.person);
  });
  app.use('/fhir/R4', async (request, response) => {
    response.set('access-control-allow-origin', '*');
    try {
      const who: Identity | undefined = await oauth.verifyAccessToken(request);
      if (who === undefined) throw new Unauthenticated();
      if (request.path.startsWith('/Patient/')) response.json({ resourceType: 'Patient', id: request.path.slice(9) });
      else if (request.path === '/Observation') response.json({ resourceType: 'Bundle', type: 'searchset', entry: [] });
      else response.json(who);
    } catch (problem) {
      if (!(problem instanceof Unauthenticated)) throw problem;
      response.status(401).set('www-authenticate', problem.challenge).end();
    }
  });
  late.app = app;
  return Object.assign(state, {
    url,
    fhirBase,
    database,
    oauth,
    async close() {
      await drain(server, 1000);
      if (options.database === undefined) await database.close();
    },
  });
}

export const REDIRECT = 'https://app.example.org/callback';

type Registering = Pick<OauthServer, 'database'>;

/** A registered app, and what of it is said. */
export async function app(server: Registering, given: Partial<ClientRegistration> = {}): Promise<ClientRegistration> {
  return register(server, {
    id: `app-${randomBytes(4).toString('hex')}`,
    name: 'Growth <chart>',
    kind: 'app',
    scopes: ['patient/*.cruds', 'user/*.cruds', 'offline_access'],
    openReferences: false,
    lenientSearch: false,
    redirectUris: [REDIRECT],
    launchUri: 'https://app.example.org/launch',
    preapproved: true,
    corsOrigins: [],
    ...given,
  });
}

export interface BackendSystem {
  readonly client: ClientRegistration;
  readonly privateKey: CryptoKey;
  readonly publicKey: JWK;
}

/** A registered system with a key of its own. */
export async function backendSystem(
  server: Registering,
  given: Partial<ClientRegistration> = {},
  alg = 'ES384',
): Promise<BackendSystem> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg, use: 'sig' };
  const client = await register(server, {
    id: `system-${randomBytes(4).toString('hex')}`,
    name: 'Backend',
    kind: 'system',
    scopes: ['system/Patient.rs', 'system/QuestionnaireResponse.cruds'],
    policy: 'ehr',
    organization: 'Organization/haukeland',
    openReferences: false,
    lenientSearch: false,
    redirectUris: [],
    preapproved: true,
    corsOrigins: [],
    jwks: { keys: [jwk] },
    ...given,
  });
  return { client, privateKey, publicKey: jwk };
}

async function register(server: Registering, client: ClientRegistration): Promise<ClientRegistration> {
  await addClient(server.database.pool, client, Date.now());
  return client;
}

/** A client assertion (RFC 7523) as SMART Backend Services has it. */
export async function assertion(
  server: { readonly url: string },
  { client, privateKey }: { readonly client: { readonly id: string }; readonly privateKey: CryptoKey },
  claims: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({
    iss: client.id,
    sub: client.id,
    aud: `${server.url}/oauth2/token`,
    exp: now + 240,
    iat: now,
    jti: randomBytes(16).toString('hex'),
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES384', kid: 'k1', typ: 'JWT', ...header })
    .sign(privateKey);
}

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks into
  readonly json: any;
}

export async function post(
  url: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return answer(await fetch(url, { method: 'POST', body: new URLSearchParams(form), headers }));
}

export async function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return answer(await fetch(url, { headers, redirect: 'manual' }));
}

async function answer(response: Response): Promise<Answer> {
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
}

export const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** A browser's cookies, by name and path. */
export class Browser {
  readonly #cookies = new Map<string, { readonly path: string; readonly pair: string }>();

  async get(url: string): Promise<Answer> {
    return this.#ask(url, { redirect: 'manual' });
  }

  async post(url: string, form: Readonly<Record<string, string>>): Promise<Answer> {
    const headers = { origin: new URL(url).origin, 'sec-fetch-site': 'same-origin' };
    return this.#ask(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual', headers });
  }

  /** Follows redirects on this server; ends at a page, or at what leads elsewhere. */
  async follow(first: Answer, base: string): Promise<{ readonly answer: Answer; readonly at: string }> {
    let answer = first;
    let at = base;
    for (let step = 0; step < 10; step += 1) {
      const location = answer.headers.get('location');
      if (location === null) return { answer, at };
      at = new URL(location, at).href;
      if (new URL(at).origin !== new URL(base).origin) return { answer, at };
      answer = await this.get(at);
    }
    throw new Error('redirects without end');
  }

  async #ask(url: string, init: RequestInit): Promise<Answer> {
    const { pathname } = new URL(url);
    const sent = [...this.#cookies.values()].filter(
      ({ path }) => pathname === path || pathname.startsWith(path === '/' ? path : `${path}/`),
    );
    const cookie = sent.map(({ pair }) => pair).join('; ');
    const response = await fetch(url, { ...init, headers: { ...init.headers, cookie } });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = cookie.split(/; */);
      const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
      this.#cookies.set(`${pair.split('=')[0]} ${path}`, { path, pair });
    }
    return answer(response);
  }
}

export const VERIFIER = 'a-verifier-of-enough-characters-for-rfc-7636-section-4-1';
export const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

/** The address of an authorization request. A value of undefined leaves the parameter out. */
export function authorizeUrl(
  server: OauthServer,
  client: Pick<ClientRegistration, 'id'>,
  given: Readonly<Record<string, string | undefined>> = {},
): string {
  const parameters: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: client.id,
    redirect_uri: REDIRECT,
    scope: 'openid fhirUser launch/patient patient/*.rs',
    state: 'the-state',
    aud: server.fhirBase,
    code_challenge: challengeOf(VERIFIER),
    code_challenge_method: 'S256',
    ...given,
  };
  const url = new URL(`${server.url}/oauth2/authorize`);
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

/** Goes through the authorization endpoint; what the app is told by the redirect, or the page that is shown. */
export async function authorize(
  server: OauthServer,
  client: Pick<ClientRegistration, 'id'>,
  given: Readonly<Record<string, string | undefined>> = {},
  browser = new Browser(),
) {
  const url = authorizeUrl(server, client, given);
  const { answer: last, at } = await browser.follow(await browser.get(url), url);
  const { origin, search, hash } = new URL(at);
  const said = new URLSearchParams(hash === '' ? search : hash.slice(1));
  const told = origin === new URL(url).origin ? undefined : Object.fromEntries(said);
  return { last, at, told, browser };
}

export function codeForm(client: Pick<ClientRegistration, 'id'>, code: string | undefined): Record<string, string> {
  return {
    grant_type: 'authorization_code',
    code: code ?? '',
    redirect_uri: REDIRECT,
    client_id: client.id,
    code_verifier: VERIFIER,
  };
}

/** From the authorization endpoint to the token response. */
export async function signIn(
  server: OauthServer,
  client: Pick<ClientRegistration, 'id'>,
  given: Readonly<Record<string, string | undefined>> = {},
): Promise<Answer> {
  const { told } = await authorize(server, client, given);
  return post(`${server.url}/oauth2/token`, codeForm(client, told?.code));
}
