import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  app,
  authorize,
  bearer,
  clinician,
  codeForm,
  get,
  type OauthServer,
  oauthServer,
  patient,
  post,
  signIn,
} from './kit.ts';

let server: OauthServer;

beforeAll(async () => {
  server = await oauthServer();
});
beforeEach(() => {
  server.person = patient;
});
afterAll(() => server.close());

test('a patient signs in to an app, which is told who it is and whose record it sees', async () => {
  const client = await app(server);
  const { status, json } = await signIn(server, client);
  expect(json).toMatchObject({
    token_type: 'Bearer',
    expires_in: 600,
    patient: 'kari',
    need_patient_banner: false,
    scope: 'openid fhirUser launch/patient patient/*.rs',
    project: { reference: 'Project/svar', display: 'Svar' },
    profile: { reference: 'Patient/kari', display: 'Name of Patient/kari' },
  });
  expect(status).toBe(200);
  expect(json).not.toHaveProperty('refresh_token');
  expect(decodeJwt(json.id_token)).toMatchObject({
    iss: server.url,
    aud: client.id,
    sub: 'account-kari',
    fhirUser: `${server.fhirBase}/Patient/kari`,
  });
  expect(decodeJwt(json.access_token)).toMatchObject({
    iss: server.url,
    aud: server.fhirBase,
    client_id: client.id,
    login_id: expect.any(String),
    patient: 'kari',
    scope: 'patient/*.rs',
  });
  const who = await get(`${server.fhirBase}/who`, bearer(json.access_token));
  expect(who.json).toEqual({
    kind: 'person',
    subject: 'account-kari',
    client: client.id,
    fhirUser: 'Patient/kari',
    patient: 'kari',
    scope: 'patient/*.rs',
    strength: 'federated',
    session: 'session-kari',
  });
});

test('a code is good once; the second time it ends what it gave', async () => {
  const client = await app(server);
  const { told } = await authorize(server, client);
  const { json } = await post(`${server.url}/oauth2/token`, codeForm(client, told?.code));
  const again = await post(`${server.url}/oauth2/token`, codeForm(client, told?.code));
  expect([again.status, again.json]).toEqual([
    400,
    { error: 'invalid_grant', error_description: 'grant request is invalid' },
  ]);
  server.skewMs += 3000;
  expect((await get(`${server.fhirBase}/who`, bearer(json.access_token))).status).toBe(401);
});

test('a clinician chooses the patient, among those they may read', async () => {
  server.person = clinician;
  const client = await app(server);
  const { last, at, told, browser } = await authorize(server, client);
  expect(told).toBeUndefined();
  expect(last.text).toContain('Kari Prøve, 1960');
  expect(last.text).toContain('Ola Prøve, 1971');
  const found = await browser.post(at, { decision: 'search', text: 'Ola' });
  expect(found.text).toContain('Ola Prøve, 1971');
  expect(found.text).not.toContain('Kari Prøve, 1960');
  const { at: end } = await browser.follow(await browser.post(at, { decision: 'allow', patient: 'ola' }), at);
  const code = new URL(end).searchParams.get('code') ?? '';
  const { json } = await post(`${server.url}/oauth2/token`, codeForm(client, code));
  expect(json).toMatchObject({ patient: 'ola', need_patient_banner: true, profile: { reference: 'Practitioner/lu' } });
});

test('a patient whom the clinician may not read cannot be chosen', async () => {
  server.person = clinician;
  const { at, browser } = await authorize(server, await app(server));
  const { at: end } = await browser.follow(await browser.post(at, { decision: 'allow', patient: 'somebody-else' }), at);
  expect(Object.fromEntries(new URL(end).searchParams)).toMatchObject({ error: 'access_denied', state: 'the-state' });
});

test('scopes about one patient need that patient, also where the app forgets to ask for one', async () => {
  server.person = clinician;
  const { told, last } = await authorize(server, await app(server), { scope: 'openid patient/*.rs' });
  expect(told).toBeUndefined();
  expect(last.text).toContain('Kari Prøve, 1960');
});

test('whose app it is not is asked whether they agree, in their language, and may say no', async () => {
  const client = await app(server, { preapproved: false });
  const { last, at, browser } = await authorize(server, client, {
    ui_locales: 'nb',
    scope: 'openid launch/patient patient/Observation.rs?category=survey offline_access',
  });
  expect(last.text).toContain('Growth &lt;chart&gt; ber om tilgang');
  expect(last.text).toContain('<li>lese målinger og skårer (bare category=survey)</li>');
  expect(last.text).toContain('30 dager');
  expect(last.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  const { at: end } = await browser.follow(await browser.post(at, { decision: 'deny' }), at);
  expect(Object.fromEntries(new URL(end).searchParams)).toEqual({
    error: 'access_denied',
    state: 'the-state',
    iss: server.url,
  });
});

test.each([
  ['nb', 'vil kunne:'],
  ['nn', 'Tillat'],
  ['sv-SE', 'vill kunna'],
  ['fi en', 'wants to:'],
])('the page of consent speaks %s', async (language, words) => {
  const { last } = await authorize(server, await app(server, { preapproved: false }), { ui_locales: language });
  expect(last.text).toContain(words);
});

test('who agrees signs the app in', async () => {
  const client = await app(server, { preapproved: false });
  const { at, browser } = await authorize(server, client);
  const { at: end } = await browser.follow(await browser.post(at, { decision: 'allow' }), at);
  expect(new URL(end).searchParams.get('code')).not.toBeNull();
});

test('who has signed out, or was locked, while the page of consent stood open gives no access', async () => {
  const client = await app(server, { preapproved: false });
  server.person = { ...clinician, session: 'left-open' };
  const { at, browser } = await authorize(server, client, { scope: 'openid fhirUser user/*.rs' });
  server.person = clinician;
  server.over.add('left-open');
  const { at: end } = await browser.follow(await browser.post(at, { decision: 'allow' }), at);
  expect(Object.fromEntries(new URL(end).searchParams)).toMatchObject({ error: 'access_denied' });
  const { rows } = await server.database.pool.query(`select from oauth_grant where session = 'left-open'`);
  expect(rows).toEqual([]);
});

test('who is asked gives no more than the page says, though the app may ask for everything', async () => {
  server.person = clinician;
  const client = await app(server, { preapproved: false, scopes: ['*'] });
  const { at, last, browser } = await authorize(server, client, { scope: 'openid fhirUser' });
  expect(last.text).toContain('<ul><li>vite hvem du er</li></ul>');
  const { at: end } = await browser.follow(await browser.post(at, { decision: 'allow' }), at);
  const code = new URL(end).searchParams.get('code');
  const { json } = await post(`${server.url}/oauth2/token`, codeForm(client, code ?? undefined));
  expect((await get(`${server.fhirBase}/who`, bearer(json.access_token))).json.scope).toBe('');
});

test('a sign-in belongs to the browser in which it began', async () => {
  const { at } = await authorize(server, await app(server, { preapproved: false }));
  expect((await get(at)).status).toBe(400);
  expect((await post(at, { decision: 'allow' })).status).toBe(400);
});

test('the next who signs in at the same browser is not taken for the one before', async () => {
  const client = await app(server);
  const { told, browser } = await authorize(server, client, { scope: 'openid fhirUser' });
  expect(told?.code).toBeDefined();
  server.person = clinician;
  const second = await authorize(server, client, { scope: 'openid fhirUser' }, browser);
  const { json } = await post(`${server.url}/oauth2/token`, codeForm(client, second.told?.code));
  expect(decodeJwt(json.id_token).sub).toBe('account-lu');
});

test('what the registration does not allow is narrowed or left out, and the app is told', async () => {
  const client = await app(server, { scopes: ['patient/Observation.rs', 'patient/QuestionnaireResponse.cruds'] });
  const { json } = await signIn(server, client, { scope: 'launch/patient patient/*.cruds email offline_access' });
  expect(json.scope).toBe('launch/patient patient/Observation.rs patient/QuestionnaireResponse.cruds');
  expect(decodeJwt(json.access_token).scope).toBe('patient/Observation.rs patient/QuestionnaireResponse.cruds');
  expect(json).not.toHaveProperty('refresh_token');
});

test('an app that is bound by scopes and asks for none about resources may do nothing', async () => {
  const { json } = await signIn(server, await app(server), { scope: 'openid fhirUser' });
  expect((await get(`${server.fhirBase}/who`, bearer(json.access_token))).json.scope).toBe('');
});

test('scopes of SMART 1 are understood', async () => {
  const { json } = await signIn(server, await app(server), { scope: 'launch/patient patient/*.read' });
  expect(decodeJwt(json.access_token).scope).toBe('patient/*.read');
});

test.each([
  ['patient/*.rsx', 'a permission that is none'],
  ['patient/Observation.rs?unknown=x', 'a constraint that cannot be applied'],
  ['system/*.rs', "a system's scope"],
  ['Patient/*.rs', 'letters of another case'],
  ['patient/*.rs?category=x', 'a constraint without a type'],
])('the scope %s (%s) is refused, not left out', async (scope) => {
  const { told } = await authorize(server, await app(server), { scope: `openid launch/patient patient/*.rs ${scope}` });
  expect(told).toMatchObject({ error: 'invalid_scope', state: 'the-state' });
});

test('prompt=none is answered: somebody has to sign in', async () => {
  const { told } = await authorize(server, await app(server), { prompt: 'none' });
  expect(told).toMatchObject({ error: 'login_required' });
});
