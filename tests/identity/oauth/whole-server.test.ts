import type { Bundle, CapabilityStatement, Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Course, refer } from '../../kit/course.ts';
import { type TestServer, testServer } from '../../kit/fhir-server.ts';
import { rest } from '../../kit/rest.ts';
import { basic } from '../../kit/sign-in.ts';
import { ASSERTION_TYPE, app, assertion, Browser, backendSystem, bearer, post } from './kit.ts';
import { SmartApp, type SmartClient } from './smart-app.ts';

const ORIGIN = 'https://smart.example.org';
const SCOPE = 'patient/Patient.rs patient/EpisodeOfCare.rs openid fhirUser';

let server: TestServer;
let here: Course;
let elsewhere: Course;

beforeAll(async () => {
  server = await testServer({ identity: true, background: false });
  const admin = rest(server.base, basic('demo-admin'));
  here = await refer(admin, { fnr: '13916900281', hospital: 'haukeland' });
  elsewhere = await refer(admin, { fnr: '13916900362', hospital: 'st-olavs' });
});
afterAll(() => server.close());

const registered = () =>
  app(server, { redirectUris: [`${ORIGIN}/index.html`], launchUri: `${ORIGIN}/launch.html`, preapproved: false });

/** Through the pages of sign-in and consent, as the local user of Haukeland. */
async function signInAt(to: string, choice: Readonly<Record<string, string>>): Promise<string> {
  const browser = new Browser();
  const page = await browser.follow(await browser.get(to), to);
  const form = { action: 'password', login: 'lu', password: 'demo' };
  const agreeing = await browser.follow(await browser.post(page.at, form), page.at);
  expect(agreeing.answer.text).toContain('Growth &lt;chart&gt;');
  const end = await browser.follow(await browser.post(agreeing.at, { decision: 'allow', ...choice }), agreeing.at);
  return end.at;
}

async function readsItsPatient(smart: SmartClient): Promise<void> {
  expect(smart.patient.id).toBe(here.patient);
  expect((await smart.patient.read()).id).toBe(here.patient);
  const courses = (await smart.request(`EpisodeOfCare?patient=${here.patient}`)) as Bundle;
  expect(courses.entry?.map(({ resource }) => resource?.id)).toEqual([here.episode]);
}

async function readsNothingElse(smart: SmartClient): Promise<void> {
  await expect(smart.request(`Patient/${elsewhere.patient}`)).rejects.toThrow('404');
  await expect(smart.request(`QuestionnaireResponse?patient=${here.patient}`)).rejects.toThrow('403');
  const all = (await smart.request('EpisodeOfCare')) as Bundle;
  expect(all.entry?.map(({ resource }) => resource?.id)).toEqual([here.episode]);
}

test('fhirclient, standalone: the clinician signs in, chooses a patient, agrees; the app reads that patient alone', async () => {
  const client = await registered();
  const tab = new SmartApp(ORIGIN);
  await tab.open(`${ORIGIN}/`);
  const to = await tab.authorize({
    iss: server.base,
    clientId: client.id,
    scope: `launch/patient offline_access ${SCOPE}`,
    redirectUri: `${ORIGIN}/index.html`,
  });
  await tab.open(await signInAt(to, { patient: here.patient }));
  const smart = await tab.ready();
  expect(smart.user.fhirUser).toBe('Practitioner/demo-lu');
  await readsItsPatient(smart);
  await readsNothingElse(smart);
  await smart.refresh();
  await readsItsPatient(smart);
  await readsNothingElse(smart);
});

test('a patient of another hospital is not offered, and cannot be chosen', async () => {
  const client = await registered();
  const tab = new SmartApp(ORIGIN);
  await tab.open(`${ORIGIN}/`);
  const to = await tab.authorize({
    iss: server.base,
    clientId: client.id,
    scope: `launch/patient ${SCOPE}`,
    redirectUri: `${ORIGIN}/index.html`,
  });
  expect(await signInAt(to, { patient: elsewhere.patient })).toContain('error=access_denied');
});

test('fhirclient, from an EHR: the app opens about the patient and the course that the EHR system names', async () => {
  const client = await registered();
  const launch = (patient: string) =>
    fetch(`${server.url}/oauth2/launch`, {
      method: 'POST',
      body: JSON.stringify({
        client_id: client.id,
        patient: `Patient/${patient}`,
        user: 'Practitioner/demo-lu',
        course: `EpisodeOfCare/${here.episode}`,
      }),
      headers: { 'content-type': 'application/json', ...basic('demo-ehr') },
    });
  expect((await launch(elsewhere.patient)).status).toBe(403);
  const { launch_url } = (await (await launch(here.patient)).json()) as { launch_url: string };
  const tab = new SmartApp(ORIGIN);
  await tab.open(launch_url);
  const to = await tab.authorize({
    clientId: client.id,
    scope: `launch online_access ${SCOPE}`,
    redirectUri: `${ORIGIN}/index.html`,
  });
  await tab.open(await signInAt(to, {}));
  const smart = await tab.ready();
  expect(smart.state.tokenResponse.fhirContext).toEqual([{ reference: `EpisodeOfCare/${here.episode}` }]);
  await readsItsPatient(smart);
  await readsNothingElse(smart);
  await smart.refresh();
  await readsItsPatient(smart);
});

test('a backend service gets a token by its key and reads what its hospital and its scopes allow', async () => {
  const system = await backendSystem(server, { scopes: ['system/Patient.rs'] });
  const { json } = await post(`${server.url}/oauth2/token`, {
    grant_type: 'client_credentials',
    scope: 'system/Patient.rs',
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await assertion(server, system),
  });
  const client = rest(server.base, bearer(json.access_token));
  expect((await client.search<Patient>('Patient')).map(({ id }) => id)).toContain(here.patient);
  expect((await client.search<Patient>('Patient')).map(({ id }) => id)).not.toContain(elsewhere.patient);
  expect((await client.get(`Patient/${elsewhere.patient}`)).status).toBe(404);
  expect((await client.get(`EpisodeOfCare/${here.episode}`)).status).toBe(403);
  expect((await client.post('Patient', { resourceType: 'Patient' })).status).toBe(403);
});

test('/metadata tells where to sign in, to everybody', async () => {
  const { body } = await rest(server.base).get<CapabilityStatement>('metadata');
  const security = body.rest?.[0]?.security;
  expect(security?.service?.[0]?.coding?.[0]?.code).toBe('SMART-on-FHIR');
  const uris = security?.extension?.find(({ url }) => url.endsWith('/oauth-uris'))?.extension;
  expect(uris?.map(({ url, valueUri }) => [url, valueUri])).toEqual([
    ['authorize', `${server.url}/oauth2/authorize`],
    ['token', `${server.url}/oauth2/token`],
    ['introspect', `${server.url}/oauth2/introspect`],
    ['revoke', `${server.url}/oauth2/revoke`],
  ]);
});

test('a token that does not stand is refused with 401, and no more than that', async () => {
  const { status, headers, body } = await rest(server.base, bearer('a.b.c')).get('Patient');
  expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
  expect(JSON.stringify(body)).not.toMatch(/jwt|signature|expired|kid|alg/i);
});
