import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { app, bearer, challengeOf, clinician, get, type OauthServer, oauthServer, post, VERIFIER } from './kit.ts';

let server: OauthServer;

beforeAll(async () => {
  server = await oauthServer();
});
afterAll(() => server.close());

const codeChallenge = challengeOf(VERIFIER);

/** As MedplumClient does it: an empty client_id where it has none, its own address for a redirect. */
const exchange = (code: string | undefined, given: Readonly<Record<string, string>> = {}) =>
  post(`${server.url}/oauth2/token`, {
    grant_type: 'authorization_code',
    code: code ?? '',
    client_id: '',
    redirect_uri: 'https://somewhere.example.org/',
    code_verifier: VERIFIER,
    ...given,
  });

test("a sign-in at Svar's own pages gives a code, and the code a token for all that the role allows", async () => {
  const code = await server.oauth.issueCode({ who: clinician, codeChallenge });
  const { json, status } = await exchange(code);
  expect(status).toBe(200);
  expect(json).toMatchObject({
    project: { reference: 'Project/svar', display: 'Svar' },
    profile: { reference: 'Practitioner/lu', display: 'Name of Practitioner/lu' },
    scope: 'openid fhirUser online_access',
  });
  expect(decodeJwt(json.access_token)).toMatchObject({ client_id: 'svar', login_id: expect.any(String) });
  const who = await get(`${server.fhirBase}/who`, bearer(json.access_token));
  expect(who.json).toMatchObject({ role: 'role-lu', client: 'svar', session: 'session-lu' });
  expect(who.json).not.toHaveProperty('scope');
  const next = await post(`${server.url}/oauth2/token`, {
    grant_type: 'refresh_token',
    refresh_token: json.refresh_token,
    client_id: '',
  });
  expect(next.status).toBe(200);
});

test('it needs the verifier, as every code', async () => {
  const code = await server.oauth.issueCode({ who: clinician, codeChallenge });
  expect((await exchange(code, { code_verifier: 'x'.repeat(43) })).json.error).toBe('invalid_grant');
  expect(await server.oauth.issueCode({ who: clinician, codeChallenge: '' })).toBeUndefined();
});

test('it is the code of the client that signed in, and of no other', async () => {
  const other = await app(server, { scopes: ['*'] });
  const code = await server.oauth.issueCode({ who: clinician, codeChallenge });
  expect((await exchange(code, { client_id: other.id })).json.error).toBe('invalid_grant');
});

test("an app that is not the house's own gets none: it would see the password", async () => {
  const stranger = await app(server, { preapproved: false });
  expect(await server.oauth.issueCode({ who: clinician, codeChallenge, client: stranger.id })).toBeUndefined();
  expect(await server.oauth.issueCode({ who: clinician, codeChallenge, client: 'demo-ehr' })).toBeUndefined();
  expect(await server.oauth.issueCode({ who: clinician, codeChallenge, client: 'unknown' })).toBeUndefined();
  const own = await app(server, { scopes: ['user/*.rs'] });
  const code = await server.oauth.issueCode({
    who: clinician,
    codeChallenge,
    client: own.id,
    scope: 'openid user/*.cruds',
  });
  const { json } = await exchange(code, { client_id: own.id });
  expect((await get(`${server.fhirBase}/who`, bearer(json.access_token))).json.scope).toBe('user/*.rs');
});
