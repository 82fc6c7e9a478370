import { decodeJwt, generateKeyPair } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { secretHashOf } from '../../../src/identity/oauth/client-store.ts';
import {
  ASSERTION_TYPE,
  assertion,
  type BackendSystem,
  backendSystem,
  basic,
  bearer,
  get,
  type OauthServer,
  oauthServer,
  post,
} from './kit.ts';

let server: OauthServer;
/** Another process of the same server. */
let other: OauthServer;

beforeAll(async () => {
  server = await oauthServer({ keySets: (address) => keySet(address) });
  other = await oauthServer({ database: server.database, baseUrl: server.url });
});
afterAll(async () => {
  await other.close();
  await server.close();
});

let published: BackendSystem | undefined;

async function keySet(address: string): Promise<Response> {
  if (address.startsWith('https://slow')) return new Promise(() => undefined);
  if (address.startsWith('https://down')) throw new TypeError('unreachable');
  return Response.json({ keys: [published?.publicKey] });
}

const ask = (client_assertion: string, form: Readonly<Record<string, string>> = {}, at = server) =>
  post(`${at.url}/oauth2/token`, {
    grant_type: 'client_credentials',
    scope: 'system/Patient.rs',
    client_assertion_type: ASSERTION_TYPE,
    client_assertion,
    ...form,
  });

test.each(['ES384', 'RS384'])('a system gets a token by its key (%s), and who it is is known', async (alg) => {
  const system = await backendSystem(server, {}, alg);
  const { status, json, headers } = await ask(await assertion(server, system, {}, { alg }));
  expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'system/Patient.rs' });
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('no-store');
  const claims = decodeJwt(json.access_token);
  expect(claims).toMatchObject({ client_id: system.client.id, sub: system.client.id, login_id: expect.any(String) });
  expect((await get(`${other.url}/fhir/R4/who`, bearer(json.access_token))).json).toMatchObject({
    kind: 'system',
    client: system.client.id,
    scope: 'system/Patient.rs',
    strength: 'key',
  });
});

test('the assertion may be for the issuer as well as for the token endpoint', async () => {
  const system = await backendSystem(server);
  expect((await ask(await assertion(server, system, { aud: server.url }))).status).toBe(200);
  expect((await ask(await assertion(server, system, { aud: [`${server.url}/oauth2/token`] }))).status).toBe(200);
});

const seconds = () => Math.floor(Date.now() / 1000);

test.each<[string, () => Record<string, unknown>]>([
  ['for another server', () => ({ aud: 'https://elsewhere.example.org/oauth2/token' })],
  ['for nobody', () => ({ aud: undefined })],
  ['past its time', () => ({ exp: seconds() - 60 })],
  ['without an end', () => ({ exp: undefined })],
  ['good for more than five minutes', () => ({ exp: seconds() + 3600 })],
  ['not good yet', () => ({ nbf: seconds() + 120 })],
  ['without a jti', () => ({ jti: undefined })],
  ['issued by another', () => ({ iss: 'somebody-else' })],
  ['about another', () => ({ sub: 'somebody-else' })],
])('an assertion %s is refused, with no more than that', async (_what, claims) => {
  const system = await backendSystem(server);
  const { status, json } = await ask(await assertion(server, system, claims()));
  expect(status).toBe(401);
  expect(json).toEqual({ error: 'invalid_client', error_description: 'client authentication failed' });
});

test('an assertion is good once, in whatever process', async () => {
  const system = await backendSystem(server);
  const once = await assertion(server, system, { jti: 'one' });
  expect((await ask(once)).status).toBe(200);
  expect((await ask(once, {}, other)).status).toBe(401);
  const parallel = await assertion(server, system, { jti: 'two' });
  const answers = await Promise.all([server, other, server, other].map((process) => ask(parallel, {}, process)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test('a key that is not registered proves nothing, wherever the assertion says that it is to be found', async () => {
  const system = await backendSystem(server);
  const { privateKey } = await generateKeyPair('ES384', { extractable: true });
  const before = server.fetched.length;
  const forged = await assertion(server, { ...system, privateKey }, {}, { jku: 'https://evil.example.org/keys' });
  expect((await ask(forged)).status).toBe(401);
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${forged.split('.')[1]}.`;
  expect((await ask(unsigned)).status).toBe(401);
  expect(server.fetched.slice(before)).toEqual([]);
});

test('an algorithm other than that of its key is refused', async () => {
  const system = await backendSystem(server);
  const [, payload] = (await assertion(server, system)).split('.');
  const { createHmac } = await import('node:crypto');
  const header = Buffer.from(JSON.stringify({ alg: 'HS256', kid: 'k1' })).toString('base64url');
  const mac = createHmac('sha256', JSON.stringify(system.publicKey)).update(`${header}.${payload}`).digest('base64url');
  expect((await ask(`${header}.${payload}.${mac}`)).status).toBe(401);
});

test('keys can be at an address of the client; one that does not answer stops nobody else', async () => {
  const system = await backendSystem(server);
  published = await backendSystem(server, { jwks: undefined, jwksUri: 'https://keys.example.org/jwks' });
  expect((await ask(await assertion(server, published))).status).toBe(200);
  const slow = await backendSystem(server, { jwks: undefined, jwksUri: 'https://slow.example.org/jwks' });
  const down = await backendSystem(server, { jwks: undefined, jwksUri: 'https://down.example.org/jwks' });
  const hanging = ask(await assertion(server, slow));
  const failing = await ask(await assertion(server, down));
  expect([400, 401, 503]).toContain(failing.status);
  const started = Date.now();
  expect((await ask(await assertion(server, system))).status).toBe(200);
  expect(Date.now() - started).toBeLessThan(1500);
  expect((await hanging).status).toBeGreaterThanOrEqual(400);
});

test('scopes beyond the registration are left out; none of them left is refused', async () => {
  const system = await backendSystem(server);
  const narrowed = await ask(await assertion(server, system), { scope: 'system/*.rs' });
  expect(narrowed.json.scope).toBe('system/Patient.rs system/QuestionnaireResponse.rs');
  for (const scope of ['system/Task.rs', 'patient/*.rs', 'user/*.rs', 'system/Patient.rq', 'system/patient.rs']) {
    expect((await ask(await assertion(server, system), { scope })).json, scope).toMatchObject({
      error: 'invalid_scope',
    });
  }
});

test('who names no scope gets those of its registration', async () => {
  const system = await backendSystem(server);
  const { json } = await ask(await assertion(server, system), { scope: '' });
  expect(json.scope).toBe('system/Patient.rs system/QuestionnaireResponse.cruds');
});

test.each([
  ['in the header', (id: string, secret: string) => [{}, basic(id, secret)]],
  ['in the form', (id: string, secret: string) => [{ client_id: id, client_secret: secret }, {}]],
])('a system with a secret shows it %s', async (_where, shown) => {
  const { client } = await backendSystem(server, {
    jwks: undefined,
    secretHash: secretHashOf('s3cret'),
    scopes: ['*'],
  });
  const [form, headers] = shown(client.id, 's3cret');
  const right = await post(
    `${server.url}/oauth2/token`,
    { grant_type: 'client_credentials', ...form },
    headers as Record<string, string>,
  );
  expect(right.status).toBe(200);
  const who = (await get(`${server.fhirBase}/who`, bearer(right.json.access_token))).json;
  expect(who).toMatchObject({ kind: 'system', strength: 'secret' });
  expect(who).not.toHaveProperty('scope');
  const [wrongForm, wrongHeaders] = shown(client.id, client.secretHash ?? '');
  const wrong = await post(
    `${server.url}/oauth2/token`,
    { grant_type: 'client_credentials', ...wrongForm },
    wrongHeaders as Record<string, string>,
  );
  expect([wrong.status, wrong.json.error]).toEqual([401, 'invalid_client']);
});

test("a system with a key gets nothing by a secret, and an app gets no system's token", async () => {
  const system = await backendSystem(server);
  const form = { grant_type: 'client_credentials', client_id: system.client.id };
  expect((await post(`${server.url}/oauth2/token`, form)).status).toBe(401);
  expect((await post(`${server.url}/oauth2/token`, { ...form, client_secret: 'demo' })).status).toBe(401);
});

test('a client that was removed is refused, and so are its tokens, within seconds', async () => {
  const system = await backendSystem(server);
  const { json } = await ask(await assertion(server, system));
  expect((await get(`${server.fhirBase}/who`, bearer(json.access_token))).status).toBe(200);
  await server.database.pool.query('delete from oauth_client where id = $1', [system.client.id]);
  await new Promise((resolve) => setTimeout(resolve, 2100));
  expect((await get(`${server.fhirBase}/who`, bearer(json.access_token))).status).toBe(401);
  expect((await ask(await assertion(server, system))).status).toBe(401);
});

test("the demo's clients are the demo's alone", async () => {
  const form = { grant_type: 'client_credentials' };
  const demo = await post(`${server.url}/oauth2/token`, form, basic('demo-ehr', 'demo'));
  expect(demo.status).toBe(200);
  const production = await oauthServer({ database: server.database, baseUrl: server.url, demo: false });
  expect((await post(`${production.url}/oauth2/token`, form, basic('demo-ehr', 'demo'))).status).toBe(401);
  expect((await get(`${production.url}/fhir/R4/who`, bearer(demo.json.access_token))).status).toBe(401);
  await production.close();
});
