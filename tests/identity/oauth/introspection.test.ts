import { afterAll, beforeAll, expect, test } from 'vitest';
import { secretHashOf } from '../../../src/identity/oauth/client-store.ts';
import type { ClientRegistration } from '../../../src/identity/oauth/clients.ts';
import { app, authorize, basic, bearer, codeForm, get, type OauthServer, oauthServer, patient, post } from './kit.ts';

let server: OauthServer;
let client: ClientRegistration;
let credentials: Record<string, string>;

beforeAll(async () => {
  server = await oauthServer();
  server.person = patient;
  client = await app(server, { secretHash: secretHashOf('a secret') });
  credentials = basic(client.id, 'a secret');
});
afterAll(() => server.close());

async function tokens(): Promise<{ readonly access_token: string; readonly refresh_token: string }> {
  const { told } = await authorize(server, client, { scope: 'openid launch/patient patient/*.rs offline_access' });
  const { client_id: _, ...form } = codeForm(client, told?.code);
  return (await post(`${server.url}/oauth2/token`, form, credentials)).json;
}

const introspect = (token: string, headers = credentials, form: Record<string, string> = {}) =>
  post(`${server.url}/oauth2/introspect`, { token, ...form }, headers);
const revoke = (token: string, headers = credentials) => post(`${server.url}/oauth2/revoke`, { token }, headers);

test('a client is told what its tokens are', async () => {
  const { access_token, refresh_token } = await tokens();
  const { json, status } = await introspect(access_token);
  expect(status).toBe(200);
  expect(json).toEqual({
    active: true,
    client_id: client.id,
    sub: 'account-kari',
    scope: 'patient/*.rs',
    patient: 'kari',
    fhirUser: `${server.fhirBase}/Patient/kari`,
    iss: server.url,
    aud: server.fhirBase,
    exp: expect.any(Number),
    iat: expect.any(Number),
    jti: expect.any(String),
    token_type: 'Bearer',
  });
  expect((await introspect(refresh_token)).json).toMatchObject({ active: true, client_id: client.id });
});

test('of any other token it is told that it is not active, and nothing else', async () => {
  const { access_token, refresh_token } = await tokens();
  const other = await app(server, { secretHash: secretHashOf('another') });
  const headers = basic(other.id, 'another');
  for (const token of [access_token, refresh_token]) {
    expect((await introspect(token, headers)).json).toEqual({ active: false });
  }
  for (const token of ['x', 'a.b.c', `${access_token}x`, '']) {
    const { json } = await introspect(token);
    expect(json.active ?? false, token).toBe(false);
  }
});

test('nobody is told who is nobody', async () => {
  const { access_token } = await tokens();
  for (const headers of [{}, basic(client.id, 'wrong')]) {
    const { status, json } = await introspect(access_token, headers);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(json).not.toHaveProperty('active');
  }
  const anybody = await app(server);
  const { status, json } = await introspect(access_token, {}, { client_id: anybody.id });
  expect([status, json]).toEqual([401, { error: 'invalid_client' }]);
});

test('an access token can be revoked by its client alone', async () => {
  const { access_token } = await tokens();
  const other = await app(server, { secretHash: secretHashOf('another') });
  await revoke(access_token, basic(other.id, 'another'));
  expect((await get(`${server.fhirBase}/who`, bearer(access_token))).status).toBe(200);
  expect((await revoke(access_token)).status).toBe(200);
  expect((await get(`${server.fhirBase}/who`, bearer(access_token))).status).toBe(401);
  expect((await introspect(access_token)).json).toEqual({ active: false });
});

test('with the refresh token all ends that came of the sign-in', async () => {
  const { access_token, refresh_token } = await tokens();
  expect((await revoke(refresh_token)).status).toBe(200);
  server.skewMs = 3000;
  expect((await get(`${server.fhirBase}/who`, bearer(access_token))).status).toBe(401);
  server.skewMs = 0;
  const { status } = await post(
    `${server.url}/oauth2/token`,
    { grant_type: 'refresh_token', refresh_token },
    credentials,
  );
  expect(status).toBe(400);
});

test('what is no token is revoked without a word', async () => {
  expect((await revoke('x')).status).toBe(200);
  expect((await revoke('a.b.c')).status).toBe(200);
});
