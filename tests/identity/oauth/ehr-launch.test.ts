import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  app,
  authorize,
  basic,
  bearer,
  clinician,
  codeForm,
  type OauthServer,
  oauthServer,
  patient,
  post,
  signIn,
} from './kit.ts';

let server: OauthServer;
let system: string;

beforeAll(async () => {
  server = await oauthServer();
  const { json } = await post(
    `${server.url}/oauth2/token`,
    { grant_type: 'client_credentials' },
    basic('demo-ehr', 'demo'),
  );
  system = json.access_token;
});
beforeEach(() => {
  server.person = clinician;
  server.skewMs = 0;
});
afterAll(() => server.close());

const SCOPE = { scope: 'openid fhirUser launch patient/*.rs' };

async function launch(body: Readonly<Record<string, unknown>>, token = system) {
  const response = await fetch(`${server.url}/oauth2/launch`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...bearer(token) },
  });
  return {
    status: response.status,
    json: response.status === 401 ? {} : ((await response.json()) as Record<string, string>),
  };
}

test('an EHR system opens an app about a patient and a course for a clinician, who chooses nothing', async () => {
  const client = await app(server);
  const { status, json } = await launch({
    client_id: client.id,
    patient: 'Patient/ola',
    user: 'Practitioner/lu',
    encounter: 'Encounter/e1',
    course: 'EpisodeOfCare/c1',
    intent: 'answer-form',
  });
  expect(status).toBe(201);
  const opened = new URL(json.launch_url ?? '');
  expect(opened.origin + opened.pathname).toBe(client.launchUri);
  expect(opened.searchParams.get('iss')).toBe(server.fhirBase);
  const token = await signIn(server, client, { ...SCOPE, launch: opened.searchParams.get('launch') ?? '' });
  expect(token.json).toMatchObject({
    patient: 'ola',
    encounter: 'e1',
    fhirContext: [{ reference: 'EpisodeOfCare/c1' }],
    intent: 'answer-form',
    need_patient_banner: true,
    profile: { reference: 'Practitioner/lu' },
  });
});

const opened = async (client: { readonly id: string }, user = 'Practitioner/lu', who = 'Patient/ola') => {
  const { json } = await launch({ client_id: client.id, patient: who, user });
  return json.launch ?? '';
};

test('a launch is good once', async () => {
  const client = await app(server);
  const parameter = await opened(client);
  expect((await authorize(server, client, { ...SCOPE, launch: parameter })).told).toHaveProperty('code');
  expect((await authorize(server, client, { ...SCOPE, launch: parameter })).told).toMatchObject({
    error: 'access_denied',
  });
});

test('it is good for the app that was launched, for who launched it, and for five minutes', async () => {
  const client = await app(server);
  const denied = { error: 'access_denied' };
  const byOther = await authorize(server, await app(server), { ...SCOPE, launch: await opened(client) });
  expect(byOther.told).toMatchObject(denied);
  server.person = { ...clinician, fhirUser: 'Practitioner/other' };
  expect((await authorize(server, client, { ...SCOPE, launch: await opened(client) })).told).toMatchObject(denied);
  server.person = clinician;
  const parameter = await opened(client);
  server.skewMs = 301_000;
  expect((await authorize(server, client, { ...SCOPE, launch: parameter })).told).toMatchObject(denied);
  for (const parameter of [undefined, 'guessed']) {
    expect((await authorize(server, client, { ...SCOPE, launch: parameter })).told).toMatchObject(denied);
  }
});

test('whoever launches, and whoever is launched for, must be able to read the patient', async () => {
  const client = await app(server);
  const unknown = await launch({ client_id: client.id, patient: 'Patient/stranger', user: 'Practitioner/lu' });
  expect([unknown.status, unknown.json]).toEqual([
    403,
    { error: 'access_denied', error_description: 'the patient cannot be read' },
  ]);
  const parameter = await opened(client);
  const name = server.patients.get('ola') ?? '';
  server.patients.delete('ola');
  try {
    expect((await authorize(server, client, { ...SCOPE, launch: parameter })).told).toMatchObject({
      error: 'access_denied',
    });
  } finally {
    server.patients.set('ola', name);
  }
});

test('a person launches for themselves', async () => {
  server.person = patient;
  const client = await app(server);
  const { json } = await signIn(server, client, { scope: 'openid user/*.rs' });
  const own = await launch({ client_id: client.id, patient: 'Patient/kari' }, json.access_token);
  expect(own.status).toBe(201);
  const token = await signIn(server, client, { ...SCOPE, launch: own.json.launch });
  expect(token.json.patient).toBe('kari');
  const other = await launch(
    { client_id: client.id, patient: 'Patient/kari', user: 'Practitioner/lu' },
    json.access_token,
  );
  expect(other.status).toBe(400);
});

test.each<[string, Record<string, unknown>]>([
  ['no app', { client_id: 'demo-ehr' }],
  ['an app that is not known', { client_id: 'unknown' }],
  ['no patient', { patient: undefined }],
  ['an address for a patient', { patient: 'https://elsewhere.example.org/Patient/ola' }],
  ['nobody', { user: undefined }],
  ['a course that is none', { course: 'Patient/ola' }],
  ["somebody else's course", { course: 'EpisodeOfCare/c1', patient: 'Patient/kari' }],
  ['an encounter that is not there', { encounter: 'Encounter/e2' }],
  ['an encounter that is none', { encounter: 'x' }],
  ['a long intent', { intent: 'x'.repeat(200) }],
])('a launch of %s is refused', async (_what, change) => {
  const client = await app(server);
  const { status } = await launch({ client_id: client.id, patient: 'Patient/ola', user: 'Practitioner/lu', ...change });
  expect(status).toBe(400);
});

test('nobody registers a launch without a token', async () => {
  expect((await launch({}, 'forged')).status).toBe(401);
  const response = await fetch(`${server.url}/oauth2/launch`, { method: 'POST' });
  expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="svar"']);
});

test('the launch is no secret of the database', async () => {
  const parameter = await opened(await app(server));
  const { rows } = await server.database.pool.query<{ text: string }>(
    "select encode(id, 'escape') || encode(sealed, 'escape') as text from oauth_launch",
  );
  expect(rows.length).toBeGreaterThan(0);
  for (const { text } of rows) {
    expect(text).not.toContain(parameter);
    expect(text).not.toContain('ola');
  }
});

test('the code of a launch is exchanged by the app with its verifier alone', async () => {
  const client = await app(server);
  const { told } = await authorize(server, client, { ...SCOPE, launch: await opened(client) });
  const form = codeForm(client, told?.code);
  expect((await post(`${server.url}/oauth2/token`, { ...form, code_verifier: `${form.code_verifier}x` })).status).toBe(
    400,
  );
});
