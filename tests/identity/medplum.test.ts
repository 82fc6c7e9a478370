import { ClientStorage, getDataType, MedplumClient, MemoryStorage, OperationOutcomeError } from '@medplum/core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { signedIn } from '../kit/sign-in.ts';

let server: TestServer;

beforeAll(async () => {
  // MedplumClient takes from the browser's window what makes a code challenge, and where it is
  const { crypto, btoa, atob, TextDecoder, TextEncoder } = globalThis;
  const location = { protocol: 'http:', host: 'app.example.org', origin: 'http://app.example.org' };
  vi.stubGlobal('window', { crypto, btoa, atob, TextDecoder, TextEncoder, location });
  vi.stubGlobal('location', location);
  server = await testServer({ identity: true, background: false });
});

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
