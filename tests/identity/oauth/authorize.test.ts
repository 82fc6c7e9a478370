import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  app,
  authorize,
  authorizeUrl,
  challengeOf,
  codeForm,
  get,
  type OauthServer,
  oauthServer,
  patient,
  post,
  REDIRECT,
  VERIFIER,
} from './kit.ts';

let server: OauthServer;

beforeAll(async () => {
  server = await oauthServer();
  server.person = patient;
});
afterAll(() => server.close());

test.each([
  ['plain', { code_challenge_method: 'plain', code_challenge: VERIFIER }],
  ['no method', { code_challenge_method: undefined }],
  ['no challenge', { code_challenge: undefined, code_challenge_method: undefined }],
  ['a challenge that is no hash', { code_challenge: 'x' }],
])('PKCE with %s is refused', async (_what, given) => {
  const { told } = await authorize(server, await app(server), given);
  expect(told).toMatchObject({ error: 'invalid_request', state: 'the-state' });
});

test('PKCE is demanded of clients with a secret too', async () => {
  const client = await app(server, { secretHash: 'ab'.repeat(32) });
  const { told } = await authorize(server, client, { code_challenge: undefined, code_challenge_method: undefined });
  expect(told).toMatchObject({ error: 'invalid_request' });
});

test.each([undefined, '', 'x'.repeat(43), `${VERIFIER}x`, challengeOf(VERIFIER)])(
  'the verifier %s is refused',
  async (verifier) => {
    const client = await app(server);
    const { told } = await authorize(server, client);
    const { code_verifier: _, ...form } = codeForm(client, told?.code);
    const sent = verifier === undefined ? form : { ...form, code_verifier: verifier };
    expect((await post(`${server.url}/oauth2/token`, sent)).json).toMatchObject({ error: 'invalid_grant' });
  },
);

test.each([
  `${REDIRECT}/more`,
  `${REDIRECT}?a=b`,
  `${REDIRECT}#a`,
  `${REDIRECT}/../elsewhere`,
  REDIRECT.replace('app.', 'evil.app.'),
  REDIRECT.replace('https:', 'http:'),
  REDIRECT.replace('example.org', 'example.org.evil.net'),
  REDIRECT.replace('callback', 'CALLBACK'),
  'javascript:alert(1)',
])('the address %s is not the registered one: the browser is sent nowhere', async (redirect_uri) => {
  const { last, told } = await authorize(server, await app(server), { redirect_uri });
  expect(told).toBeUndefined();
  expect(last.status).toBe(400);
  expect(last.headers.get('location')).toBeNull();
});

test('the page that says so shows what was sent as text', async () => {
  const url = `${server.url}/oauth2/authorize?client_id=%3Cscript%3Ealert(1)%3C/script%3E&redirect_uri=x`;
  const { text, status, headers } = await get(url, { 'accept-language': 'nb' });
  expect(status).toBe(400);
  expect(text).toContain('Innloggingen kan ikke fullføres');
  expect(text).not.toContain('<script');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
});

test('the redirect of the code must be said again, the same', async () => {
  const client = await app(server, { redirectUris: [REDIRECT, `${REDIRECT}2`] });
  const { told } = await authorize(server, client);
  const answer = await post(`${server.url}/oauth2/token`, {
    ...codeForm(client, told?.code),
    redirect_uri: `${REDIRECT}2`,
  });
  expect(answer.json).toMatchObject({ error: 'invalid_grant' });
});

test.each([['https://elsewhere.example.org/fhir/R4'], [undefined]])('aud %s is refused', async (aud) => {
  const { told } = await authorize(server, await app(server), { aud });
  expect(told).toMatchObject({ error: 'invalid_target' });
});

test('aud is looked at also where the resource is said by RFC 8707', async () => {
  const aud = 'https://elsewhere.example.org/fhir/R4';
  const client = await app(server);
  expect((await authorize(server, client, { aud, resource: server.fhirBase })).told).toMatchObject({
    error: 'invalid_target',
  });
  expect((await authorize(server, client, { resource: aud })).told).toMatchObject({ error: 'invalid_target' });
});

test('an answer says who gave it (RFC 9207)', async () => {
  const { told } = await authorize(server, await app(server));
  expect(told).toMatchObject({ iss: server.url, state: 'the-state' });
});

test.each(['token', 'id_token', 'code id_token'])('the response type %s does not exist', async (response_type) => {
  const { told, last } = await authorize(server, await app(server), { response_type, nonce: 'n' });
  expect(told ?? last).not.toHaveProperty('access_token');
  expect(JSON.stringify(told ?? last.text)).toContain('unsupported_response_type');
});

test('parameters that stand twice are refused', async () => {
  const url = `${authorizeUrl(server, await app(server))}&scope=patient%2F*.cruds`;
  const { headers } = await get(url);
  expect(headers.get('location')).toContain('error=invalid_request');
});

test('addresses follow from the setting, whatever host the request names', async () => {
  const { json } = await get(`${server.url}/.well-known/openid-configuration`, {
    'x-forwarded-host': 'evil.example.org',
    'x-forwarded-proto': 'https',
  });
  expect(json.issuer).toBe(server.url);
  expect(json.token_endpoint).toBe(`${server.url}/oauth2/token`);
});

test('a server below a path of its host says so everywhere', async () => {
  const below = await oauthServer({ database: server.database, baseUrl: `${server.url}/svar` });
  try {
    const { json } = await get(`${below.url}/.well-known/openid-configuration`);
    expect(json.token_endpoint).toBe(`${server.url}/svar/oauth2/token`);
    const { headers } = await get(authorizeUrl(below, await app(below), { aud: below.fhirBase }));
    expect(headers.get('location')).toMatch(`${server.url}/svar/sign-in/`);
    expect(
      headers.getSetCookie().filter((cookie) => /path=\/svar\/(sign-in|oauth2\/authorize)\//.test(cookie)),
    ).not.toEqual([]);
  } finally {
    await below.close();
  }
});

test('a code that is not redeemed within a minute is lost', async () => {
  const client = await app(server);
  const { told } = await authorize(server, client);
  server.skewMs = 61_000;
  expect((await post(`${server.url}/oauth2/token`, codeForm(client, told?.code))).json).toMatchObject({
    error: 'invalid_grant',
  });
  server.skewMs = 0;
});

test('the code of one client is nothing to another', async () => {
  const client = await app(server);
  const { told } = await authorize(server, client);
  const thief = await app(server);
  expect((await post(`${server.url}/oauth2/token`, codeForm(thief, told?.code))).json).toMatchObject({
    error: 'invalid_grant',
  });
});

test('codes and tokens stand in the database as hashes', async () => {
  const client = await app(server);
  const { told } = await authorize(server, client, { scope: 'openid launch/patient patient/*.rs offline_access' });
  const { json } = await post(`${server.url}/oauth2/token`, codeForm(client, told?.code));
  const { rows } = await server.database.pool.query<{ text: string }>(
    "select kind || encode(id, 'escape') || encode(sealed, 'escape') as text from oauth_state",
  );
  for (const secret of [told?.code, json.refresh_token]) {
    expect(secret).toHaveLength(43);
    for (const { text } of rows) expect(text).not.toContain(secret);
  }
});

test('pages of other origins may ask for tokens where the client is registered for them', async () => {
  const client = await app(server, { corsOrigins: ['https://spa.example.org'] });
  const ask = async (origin: string) => {
    const { headers } = await post(`${server.url}/oauth2/token`, codeForm(client, 'x'), { origin });
    return headers.get('access-control-allow-origin');
  };
  expect(await ask('https://spa.example.org')).toBe('https://spa.example.org');
  expect(await ask('https://app.example.org')).toBe('https://app.example.org');
  expect(await ask('https://evil.example.org')).toBeNull();
});

test('what is not listed is not there', async () => {
  for (const path of ['/oauth2/register', '/oauth2/TOKEN', '/oauth2/token/', '/reg', '/me', '/request', '/device']) {
    expect((await post(`${server.url}${path}`, {})).status, path).toBe(404);
  }
});
