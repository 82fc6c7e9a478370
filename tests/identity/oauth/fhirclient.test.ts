import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  app,
  authorizeUrl,
  Browser,
  basic,
  bearer,
  clinician,
  codeForm,
  get,
  type OauthServer,
  oauthServer,
  patient,
  post,
} from './kit.ts';
import { SmartApp } from './smart-app.ts';

const ORIGIN = 'https://smart.example.org';

let server: OauthServer;

beforeAll(async () => {
  server = await oauthServer();
});
afterAll(() => server.close());

const registered = () => app(server, { redirectUris: [`${ORIGIN}/index.html`], launchUri: `${ORIGIN}/launch.html` });

test("fhirclient's standalone launch: a patient's app reads their record, and refreshes its token", async () => {
  server.person = patient;
  const client = await registered();
  const tab = new SmartApp(ORIGIN);
  await tab.open(`${ORIGIN}/`);
  const to = await tab.authorize({
    iss: server.fhirBase,
    clientId: client.id,
    scope: 'launch/patient patient/*.rs openid fhirUser offline_access',
    redirectUri: `${ORIGIN}/index.html`,
  });
  expect(new URL(to).searchParams.get('code_challenge_method')).toBe('S256');
  const browser = new Browser();
  const { at } = await browser.follow(await browser.get(to), to);
  await tab.open(at);
  const smart = await tab.ready();
  expect(smart.patient.id).toBe('kari');
  expect(smart.user.fhirUser).toBe(`${server.fhirBase}/Patient/kari`.slice(server.fhirBase.length + 1));
  expect((await smart.patient.read()).id).toBe('kari');
  expect((await smart.request('Observation?category=survey')).resourceType).toBe('Bundle');
  const before = smart.state.tokenResponse.access_token;
  await smart.refresh();
  expect(smart.state.tokenResponse.access_token).not.toBe(before);
  expect(smart.state.tokenResponse).toMatchObject({
    patient: 'kari',
    scope: expect.stringContaining('offline_access'),
  });
  expect((await smart.patient.read()).id).toBe('kari');
  expect(tab.asked.filter((asked) => asked === 'POST /oauth2/token')).toHaveLength(2);
});

test("fhirclient's EHR launch: the app opens about the patient whom the clinician has before them", async () => {
  server.person = clinician;
  const client = await registered();
  const { json: system } = await post(
    `${server.url}/oauth2/token`,
    { grant_type: 'client_credentials' },
    basic('demo-ehr', 'demo'),
  );
  const response = await fetch(`${server.url}/oauth2/launch`, {
    method: 'POST',
    body: JSON.stringify({
      client_id: client.id,
      patient: 'Patient/ola',
      user: 'Practitioner/lu',
      encounter: 'Encounter/e1',
    }),
    headers: { 'content-type': 'application/json', ...bearer(system.access_token) },
  });
  const { launch_url } = (await response.json()) as { launch_url: string };
  const tab = new SmartApp(ORIGIN);
  await tab.open(launch_url);
  const to = await tab.authorize({
    clientId: client.id,
    scope: 'launch patient/*.rs openid fhirUser online_access',
    redirectUri: `${ORIGIN}/index.html`,
  });
  const browser = new Browser();
  const { at } = await browser.follow(await browser.get(to), to);
  await tab.open(at);
  const smart = await tab.ready();
  expect([smart.patient.id, smart.encounter.id]).toEqual(['ola', 'e1']);
  expect(smart.user.fhirUser).toBe('Practitioner/lu');
  expect((await smart.patient.read()).id).toBe('ola');
  await smart.refresh();
  expect((await smart.request('Observation?category=survey')).resourceType).toBe('Bundle');
});

test('what is told at .well-known/smart-configuration is there', async () => {
  const response = await fetch(`${server.fhirBase}/.well-known/smart-configuration`);
  const told = (await response.json()) as Record<string, string>;
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(told).toMatchObject({ issuer: server.url, code_challenge_methods_supported: ['S256'] });
  for (const name of ['token_endpoint', 'introspection_endpoint', 'revocation_endpoint']) {
    expect((await post(told[name] ?? '', {})).json, name).toMatchObject({ error: 'invalid_request' });
  }
  expect((await fetch(told.jwks_uri ?? '')).status).toBe(200);
  expect((await fetch(told.authorization_endpoint ?? '')).status).toBe(400);
  const openid = (await (await fetch(`${server.url}/.well-known/openid-configuration`)).json()) as Record<
    string,
    unknown
  >;
  for (const name of [
    'issuer',
    'jwks_uri',
    'token_endpoint',
    'authorization_endpoint',
    'introspection_endpoint',
    'revocation_endpoint',
  ]) {
    expect(openid[name], name).toBe(told[name]);
  }
  for (const name of [
    'grant_types_supported',
    'response_types_supported',
    'token_endpoint_auth_methods_supported',
    'code_challenge_methods_supported',
  ]) {
    expect([...(openid[name] as string[])].sort(), name).toEqual([...(told[name] ?? '')].sort());
  }
});

test('a sign-in goes from process to process with every request', async () => {
  server.person = patient;
  const client = await app(server, { preapproved: false });
  const other = await oauthServer({ database: server.database, baseUrl: server.url });
  other.person = patient;
  try {
    const browser = new Browser();
    let turn = 0;
    const next = (location: string | null) => {
      const { pathname, search } = new URL(location ?? '', server.url);
      turn += 1;
      return `${turn % 2 === 0 ? server.url : other.url}${pathname}${search}`;
    };
    const asked = await browser.get(authorizeUrl(server, client));
    const signedIn = await browser.get(next(asked.headers.get('location')));
    const page = next(signedIn.headers.get('location'));
    expect((await browser.get(page)).text).toContain('Growth &lt;chart&gt;');
    const agreed = await browser.post(next(new URL(page).pathname), { decision: 'allow' });
    const resumed = await browser.get(next(agreed.headers.get('location')));
    const code = new URL(resumed.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const { json } = await post(next('/oauth2/token'), codeForm(client, code));
    expect(turn).toBeGreaterThan(4);
    for (const { url } of [server, other]) {
      expect((await get(`${url}/fhir/R4/who`, bearer(json.access_token))).json).toMatchObject({ patient: 'kari' });
    }
  } finally {
    await other.close();
  }
});
