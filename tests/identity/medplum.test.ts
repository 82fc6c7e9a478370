import { ClientStorage, getDataType, MedplumClient, MemoryStorage, OperationOutcomeError } from '@medplum/core';
import type { PractitionerRole } from '@medplum/fhirtypes';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { rest } from '../kit/rest.ts';
import { basic, signedIn } from '../kit/sign-in.ts';

let server: TestServer;

beforeAll(async () => {
  inBrowser({ protocol: 'http:', host: 'app.example.org' });
  server = await testServer({ identity: true, background: false });
});

/** MedplumClient takes from the browser's window what makes a code challenge, and where it is. */
function inBrowser(location: object): void {
  const { crypto, btoa, atob, TextDecoder, TextEncoder } = globalThis;
  vi.stubGlobal('window', { crypto, btoa, atob, TextDecoder, TextEncoder, location });
  vi.stubGlobal('location', location);
}

afterAll(async () => {
  vi.unstubAllGlobals();
  await server.close();
});

const client = (options: object = {}): MedplumClient =>
  new MedplumClient({
    baseUrl: `${server.url}/`,
    fhirUrlPath: 'fhir/R4',
    cacheTime: 0,
    storage: new ClientStorage(new MemoryStorage()),
    ...options,
  });

/** As @medplum/react's SignInForm does it. */
async function signIn(medplum: MedplumClient, email: string, password = 'demo'): Promise<void> {
  expect(await medplum.post('auth/method', { email })).toEqual({});
  const answer = await medplum.startLogin({ email, password, remember: false });
  expect(answer.code).toEqual(expect.any(String));
  await medplum.processCode(answer.code ?? '');
}

async function outcomeOf(work: Promise<unknown>): Promise<OperationOutcomeError> {
  const failure: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(OperationOutcomeError);
  return failure as OperationOutcomeError;
}

/** What a browser does with an authorization request, its user being the demo's `lc`. @returns where it comes back to */
async function redirected(address: string): Promise<string> {
  const cookies = new Map<string, string>();
  const go = async (to: string, body?: string): Promise<string> => {
    const answer = await fetch(new URL(to, server.url), {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        cookie: [...cookies].map((pair) => pair.join('=')).join('; '),
        ...(body === undefined ? {} : { origin: server.url, 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body === undefined ? {} : { body }),
    });
    for (const header of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
      cookies.set(name, value);
    }
    return answer.headers.get('location') ?? '';
  };
  const page = await go(address);
  expect(page).toMatch(/\/sign-in\/[\w-]+$/);
  let next = await go(page, 'action=password&login=lc&password=demo');
  for (let steps = 0; steps < 6 && !next.includes('code='); steps += 1) next = await go(next);
  return next;
}

describe('MedplumClient', () => {
  test('signs in as SignInForm does, knows who it is, searches, reads and signs out', async () => {
    const medplum = client();
    await signIn(medplum, 'lu');
    expect(medplum.getProfile()).toMatchObject({ resourceType: 'Practitioner', id: 'demo-lu' });
    expect(medplum.getProject()?.name).toBe('Svar');
    expect(medplum.getProjectMembership()?.id).toBe('demo-lu');
    expect(medplum.getAccessPolicy()?.resource?.map(({ resourceType }) => resourceType)).toContain('Patient');
    expect(await medplum.searchResources('Questionnaire', '_count=1')).toHaveLength(1);
    expect((await medplum.readResource('Organization', 'haukeland')).id).toBe('haukeland');
    await medplum.signOut();
    expect(medplum.getProfile()).toBeUndefined();
    await outcomeOf(medplum.readResource('Organization', 'haukeland'));
  });

  test('what it held after signing out is worth nothing any more', async () => {
    const medplum = client();
    await signIn(medplum, 'lu');
    const token = medplum.getAccessToken() ?? '';
    const read = () =>
      fetch(`${server.base}/Organization/haukeland`, { headers: { authorization: `Bearer ${token}` } });
    expect((await read()).status).toBe(200);
    await medplum.signOut();
    await expect.poll(async () => (await read()).status, { timeout: 5000 }).toBe(401);
  });

  test('takes new tokens for a refresh token', async () => {
    const medplum = client();
    await signIn(medplum, 'lc');
    const before = medplum.getAccessToken();
    await medplum.refreshIfExpired(24 * 3_600_000);
    expect(medplum.getAccessToken()).not.toBe(before);
    expect((await medplum.readResource('Organization', 'haukeland')).id).toBe('haukeland');
  });

  test('is told in its language, and without saying which, that name or password is wrong', async () => {
    const wrong = await outcomeOf(client().startLogin({ email: 'lu', password: 'no' }));
    const nobody = await outcomeOf(client().startLogin({ email: 'nobody', password: 'no' }));
    expect(wrong.outcome.issue).toEqual(nobody.outcome.issue);
    expect(wrong.outcome.issue[0]?.diagnostics).toBe('Brukernavn eller passord er feil.');
  });

  test('is refused a sign-in without a code challenge', async () => {
    const { status } = await fetch(`${server.url}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify({ email: 'lu', password: 'demo' }),
    });
    expect(status).toBe(400);
  });

  test('a system signs in with its secret', async () => {
    const medplum = client();
    await medplum.startClientLogin('demo-ehr', 'demo');
    expect(medplum.getProfile()).toMatchObject({ resourceType: 'ClientApplication', id: 'demo-ehr' });
    const made = await medplum.createResource({ resourceType: 'Patient', active: true });
    expect((await medplum.readResource('Patient', made.id)).active).toBe(true);
    await outcomeOf(client().startClientLogin('demo-ehr', 'wrong'));
  });

  test('learns the schema of a type, and nothing else by GraphQL', async () => {
    const medplum = client();
    await signIn(medplum, 'lu');
    await medplum.requestSchema('Patient');
    const { elements } = getDataType('Patient');
    expect(elements['contact.relationship'] ?? elements.contact).toBeDefined();
    expect(elements.name).toMatchObject({ max: Number.POSITIVE_INFINITY, type: [{ code: 'HumanName' }] });
    await medplum.requestSchema('Questionnaire');
    expect(getDataType('Questionnaire').elements.item).toBeDefined();
    const other = await outcomeOf(medplum.graphql('{ PatientList { id } }'));
    expect(other.outcome.issue[0]?.diagnostics).toContain('GraphQL');
    const unknown = await fetch(`${server.base}/$graphql`, { method: 'POST', body: '{}' });
    expect(unknown.status).toBe(401);
  });

  test('signs in with redirects: to the page of sign-in, and back with a code', async () => {
    const { host } = new URL(server.url);
    const went: string[] = [];
    const browser = { protocol: 'http:', host, search: '', assign: (address: string) => went.push(address) };
    inBrowser(browser);
    try {
      const medplum = client({ clientId: 'svar' });
      await medplum.signInWithRedirect();
      browser.search = new URL(await redirected(went[0] ?? '')).search;
      expect(await medplum.signInWithRedirect()).toMatchObject({ id: 'demo-lc' });
      expect(medplum.getProfile()?.id).toBe('demo-lc');
    } finally {
      inBrowser({ protocol: 'http:', host: 'app.example.org' });
    }
  });

  test('runs on the session’s cookie alone, with no token in the browser', async () => {
    const headers = await signedIn(server, 'lu');
    const medplum = client({
      fetch: (url: string, init: RequestInit) => {
        const sent = new Headers(init.headers);
        for (const [name, value] of Object.entries(headers)) sent.set(name, value);
        sent.delete('authorization');
        return fetch(url, { ...init, headers: sent });
      },
    });
    const stub = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"login_id":"cookie"}').toString('base64url')}.`;
    medplum.setAccessToken(stub);
    expect(await medplum.getProfileAsync()).toMatchObject({ id: 'demo-lu' });
    expect(await medplum.searchResources('Questionnaire', '_count=1')).toHaveLength(1);
    await medplum.signOut();
    expect((await fetch(`${server.base}/Questionnaire`, { headers })).status).toBe(401);
  });
});

describe('the steps of SignInForm', () => {
  let strict: TestServer;
  beforeAll(async () => {
    strict = await testServer({ identity: true, background: false, secondFactor: true });
  });
  afterAll(() => strict.close());

  test('an authenticator app is added, asked for, and one of several memberships chosen', async () => {
    const { accounts } = strict.identity ?? {};
    const password = 'fire små duer på taket';
    const made = await accounts?.add({ login: 'kari', fhirUser: 'Practitioner/demo-lu' });
    await accounts?.setPassword(made?.account.id ?? '', password);
    const admin = rest(strict.base, basic('demo-admin'));
    const { body } = await admin.get<PractitionerRole>('PractitionerRole/demo-lc');
    const second = { ...body, id: 'second', practitioner: { reference: 'Practitioner/demo-lu' } };
    expect((await admin.put('PractitionerRole/second', second)).status).toBe(201);

    const medplum = client({ baseUrl: `${strict.url}/` });
    const begin = () => medplum.startLogin({ email: 'kari', password, remember: false });
    const first = (await begin()) as { login: string; mfaEnrollRequired?: boolean; enrollUri?: string };
    expect(first).toMatchObject({ mfaEnrollRequired: true });
    const secret = new URL(first.enrollUri ?? '').searchParams.get('secret') ?? '';
    const wrong = await outcomeOf(medplum.post('auth/mfa/login-enroll', { login: first.login, token: '000000' }));
    expect(wrong.outcome.issue[0]?.diagnostics).toContain('Koden er feil');
    const token = new TOTP({ secret }).generate();
    const enrolled = await medplum.post('auth/mfa/login-enroll', { login: first.login, token });
    expect(enrolled.memberships).toHaveLength(2);
    expect(enrolled.code).toBeUndefined();
    const chosen = await medplum.post('auth/profile', { login: first.login, profile: 'second' });
    await medplum.processCode(chosen.code);
    expect(medplum.getProjectMembership()).toMatchObject({ id: 'second' });

    const again = await begin();
    expect(again).toMatchObject({ mfaRequired: true, mfaMethods: ['totp'] });
    const used = await outcomeOf(medplum.post('auth/mfa/verify', { login: again.login, token }));
    expect(used.outcome.issue[0]?.diagnostics).toContain('brukt før');
    const next = new TOTP({ secret }).generate({ timestamp: Date.now() + 30_000 });
    expect(await medplum.post('auth/mfa/verify', { login: again.login, token: next })).toHaveProperty('memberships');
  });
});
