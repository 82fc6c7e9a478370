import { createHash, randomUUID } from 'node:crypto';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  SignJWT,
} from 'jose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { rotateKeys, signingKeys } from '../../../src/identity/oauth/signing-keys.ts';
import {
  app,
  authorize,
  bearer,
  codeForm,
  get,
  type OauthServer,
  oauthServer,
  patient,
  post,
  secrets,
  signIn,
} from './kit.ts';

let server: OauthServer;
let good: string;
let key: CryptoKey;
let kid: string;

beforeAll(async () => {
  server = await oauthServer();
  server.person = patient;
  good = (await signIn(server, await app(server))).json.access_token;
  const [first] = await signingKeys(server.database.pool, secrets, Date.now());
  if (first === undefined) throw new Error('no key');
  const es256 = (await signingKeys(server.database.pool, secrets, Date.now())).find(({ alg }) => alg === 'ES256');
  key = (await importJWK(es256?.jwk ?? {}, 'ES256')) as CryptoKey;
  kid = es256?.kid ?? '';
});
afterAll(() => server.close());

const who = (headers: Readonly<Record<string, string>>) => get(`${server.fhirBase}/who`, headers);

/** The good token, changed and signed again by the server's own key. */
const resigned = (
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
  signer: CryptoKey | Uint8Array = key,
) =>
  new SignJWT({ ...decodeJwt(good), ...claims })
    .setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt', ...header })
    .sign(signer);

test('what is changed in these tests would be accepted unchanged', async () => {
  expect((await who(bearer(good))).status).toBe(200);
  expect((await who(bearer(await resigned({})))).status).toBe(200);
});

const past = Math.floor(Date.now() / 1000) - 60;

test.each<[string, Record<string, unknown>, Record<string, unknown>?]>([
  ['of another issuer', { iss: 'https://elsewhere.example.org' }],
  ['without an issuer', { iss: undefined }],
  ['for another server', { aud: 'https://elsewhere.example.org/fhir/R4' }],
  ['for the token endpoint', { aud: 'http://localhost/oauth2/token' }],
  ['without an audience', { aud: undefined }],
  ['past its time', { exp: past }],
  ['without an end', { exp: undefined }],
  ['not good yet', { nbf: past + 3600 }],
  ['issued in the future', { iat: past + 3600 }],
  ['without a subject', { sub: undefined }],
  ['of another client', { client_id: 'demo-admin' }],
  ['of another account', { sub: 'account-lu' }],
  ['of a grant that there is not', { login_id: 'none' }],
  ['that makes itself a system', { sub: 'demo-admin', client_id: 'demo-ehr' }],
  ['that is an ID token', {}, { typ: 'JWT' }],
  ['without a type', {}, { typ: undefined }],
  ['of a key that there is not', {}, { kid: 'none' }],
  ['without a key', {}, { kid: undefined }],
  ['that says where its key is', {}, { jku: 'https://evil.example.org/keys' }],
  ['that brings its key', {}, { x5u: 'https://evil.example.org/certificate' }],
])('a token %s is refused, with no more than that', async (_what, claims, header) => {
  const { status, headers, text } = await who(bearer(await resigned(claims, header)));
  expect([status, headers.get('www-authenticate'), text]).toEqual([401, 'Bearer error="invalid_token"', '']);
  expect(server.fetched).toEqual([]);
});

test('neither is one that is signed by none, by another, or by a public key as a secret', async () => {
  const [header = '', payload = '', signature = ''] = good.split('.');
  const named = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const ours = (await get(`${server.url}/oauth2/jwks`)).json.keys.find((jwk: JWK) => jwk.kid === kid);
  const forged = [
    `${named({ ...decodeProtectedHeader(good), alg: 'none' })}.${payload}.`,
    `${header}.${payload}.`,
    `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
    `${header}.${named({ ...decodeJwt(good), patient: 'ola' })}.${signature}`,
    await resigned({}, {}, privateKey),
    await resigned({}, { jwk: await exportJWK(publicKey) }, privateKey),
    await resigned({}, { alg: 'HS256' }, Buffer.from(JSON.stringify(ours))),
    'not.a.token',
    'x'.repeat(20_000),
  ];
  for (const token of forged) expect((await who(bearer(token))).status, token.slice(0, 60)).toBe(401);
});

test('the operator is told why, and nothing of the token', async () => {
  server.logged.length = 0;
  const expired = await resigned({ exp: past });
  await who(bearer(expired));
  await post(`${server.url}/oauth2/token`, {
    grant_type: 'client_credentials',
    client_id: 'demo-ehr',
    client_secret: 'a wrong secret',
  });
  expect(server.logged).toEqual([
    'refused: an access token {"reason":"ERR_JWT_EXPIRED"}',
    'refused: a request for a token {"client":"demo-ehr","error":"invalid_client","detail":"invalid secret provided"}',
  ]);
});

test('tokens of strange keys cost next to nothing: the keys are not read again for each', async () => {
  const { pool } = server.database;
  const asked = vi.spyOn(pool, 'query');
  try {
    const forged = await Promise.all(Array.from({ length: 50 }, (_, n) => resigned({}, { kid: `strange-${n}` })));
    await Promise.all(forged.map((token) => who(bearer(token))));
    expect(asked.mock.calls.length).toBeLessThanOrEqual(3);
  } finally {
    asked.mockRestore();
  }
});

test('a token is not looked for in the address or in a form', async () => {
  expect((await get(`${server.fhirBase}/who?access_token=${good}`)).status).toBe(401);
  expect((await who({ authorization: 'Bearer' })).status).toBe(401);
  expect((await who({ authorization: `Bearer ${good} ${good}` })).status).toBe(401);
});

test('what is refused leaves nothing in the database', async () => {
  const count = async () => {
    const { rows } = await server.database.pool.query(
      'select (select count(*) from oauth_state) s, (select count(*) from oauth_grant) g, (select count(*) from oauth_used) u',
    );
    return rows;
  };
  const before = await count();
  await who(bearer(await resigned({ iss: 'x' })));
  await who({ authorization: `DPoP ${good}`, dpop: 'x.y.z' });
  await post(`${server.url}/oauth2/token`, { grant_type: 'refresh_token', refresh_token: 'stolen', client_id: 'svar' });
  await post(`${server.url}/oauth2/token`, {
    grant_type: 'client_credentials',
    client_id: 'demo-ehr',
    client_secret: 'no',
  });
  await get(`${server.url}/oauth2/authorize?client_id=svar&redirect_uri=https://evil.example.org/`);
  expect(await count()).toEqual(before);
});

test('the keys that sign are published, the private ones are not', async () => {
  const { json } = await get(`${server.url}/oauth2/jwks`);
  expect(json.keys.map((jwk: JWK) => jwk.alg).sort()).toEqual(['ES256', 'RS256']);
  for (const jwk of json.keys) expect(Object.keys(jwk)).not.toEqual(expect.arrayContaining(['d']));
  const { rows } = await server.database.pool.query<{ sealed: Buffer }>('select sealed from oauth_key');
  for (const { sealed } of rows) expect(sealed.toString('latin1')).not.toContain('"kty"');
});

const proofOf = async (
  pair: { readonly privateKey: CryptoKey; readonly publicKey: CryptoKey },
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
) =>
  new SignJWT({ jti: randomUUID(), iat: Math.floor((Date.now() + server.skewMs) / 1000), ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(pair.publicKey), ...header })
    .sign(pair.privateKey);

test('a token that is bound to a key is worth nothing without it', async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const thief = await generateKeyPair('ES256', { extractable: true });
  const client = await app(server);
  const { told } = await authorize(server, client);
  const htu = `${server.url}/oauth2/token`;
  const proof = await proofOf(pair, { htm: 'POST', htu });
  const { json, status } = await post(`${server.url}/oauth2/token`, codeForm(client, told?.code), { dpop: proof });
  expect([status, json.token_type]).toEqual([200, 'DPoP']);
  const token: string = json.access_token;
  expect(decodeJwt(token).cnf).toEqual({ jkt: await calculateJwkThumbprint(await exportJWK(pair.publicKey)) });

  const address = `${server.url}/fhir/R4/who`;
  const ath = createHash('sha256').update(token).digest('base64url');
  const right = { htm: 'GET', htu: address, ath };
  const ask = (dpop: string, scheme = 'DPoP') =>
    get(`${server.url}/fhir/R4/who?a=b`, { authorization: `${scheme} ${token}`, dpop });

  const once = await proofOf(pair, right);
  expect((await ask(once)).status).toBe(200);
  const faults = {
    'used before': once,
    "another's key": await proofOf(thief, right),
    'another method': await proofOf(pair, { ...right, htm: 'POST' }),
    'another address': await proofOf(pair, { ...right, htu: `${server.url}/fhir/R4/Patient/ola` }),
    'another token': await proofOf(pair, { ...right, ath: createHash('sha256').update('x').digest('base64url') }),
    'no token': await proofOf(pair, { ...right, ath: undefined }),
    'too old': await proofOf(pair, { ...right, iat: Math.floor(Date.now() / 1000) - 120 }),
    'of the future': await proofOf(pair, { ...right, iat: Math.floor(Date.now() / 1000) + 120 }),
    'without jti': await proofOf(pair, { ...right, jti: undefined }),
    'another type': await proofOf(pair, right, { typ: 'JWT' }),
    'no proof': 'x',
  };
  for (const [what, dpop] of Object.entries(faults)) {
    const { status, headers, text } = await ask(dpop);
    expect([status, headers.get('www-authenticate'), text], what).toEqual([401, 'DPoP error="invalid_token"', '']);
  }
  expect((await ask(await proofOf(pair, right), 'Bearer')).status).toBe(401);
  expect(
    (await get(`${server.url}/fhir/R4/who`, { authorization: `DPoP ${good}`, dpop: await proofOf(pair, right) }))
      .status,
  ).toBe(401);
});

test('a proof at the token endpoint is good once too', async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const client = await app(server);
  const proof = await proofOf(pair, { htm: 'POST', htu: `${server.url}/oauth2/token` });
  const first = await authorize(server, client);
  const second = await authorize(server, client);
  expect((await post(`${server.url}/oauth2/token`, codeForm(client, first.told?.code), { dpop: proof })).status).toBe(
    200,
  );
  expect((await post(`${server.url}/oauth2/token`, codeForm(client, second.told?.code), { dpop: proof })).status).toBe(
    400,
  );
});

test('keys are rotated: new tokens have the new one, old tokens are good until they end, and then the old key is gone', async () => {
  const other = await oauthServer({ database: server.database, baseUrl: server.url });
  try {
    await rotateKeys(server.database.pool, secrets, Date.now());
    server.skewMs += 6000;
    const { json } = await signIn(server, await app(server));
    expect(decodeProtectedHeader(json.access_token).kid).not.toBe(kid);
    expect((await who(bearer(json.access_token))).status).toBe(200);
    expect((await who(bearer(good))).status).toBe(200);
    expect((await get(`${other.url}/fhir/R4/who`, bearer(json.access_token))).status).toBe(200);
    expect((await get(`${server.url}/oauth2/jwks`)).json.keys).toHaveLength(4);
    await other.oauth.clean();
    other.skewMs += 3_700_000;
    await other.oauth.clean();
    expect((await get(`${other.url}/oauth2/jwks`)).json.keys).toHaveLength(2);
  } finally {
    await other.close();
  }
});
