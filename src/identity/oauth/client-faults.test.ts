import { exportJWK, generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import { clientFaults } from './client-faults.ts';
import type { ClientRegistration } from './clients.ts';

const common = { openReferences: false, lenientSearch: false, preapproved: false, corsOrigins: [] };
const app: ClientRegistration = {
  ...{ ...common, id: 'app', name: 'App', kind: 'app', scopes: ['patient/*.rs'] },
  redirectUris: ['https://app.example.org/cb'],
};
const system: ClientRegistration = {
  ...{ ...common, id: 'system', name: 'System', kind: 'system', scopes: ['system/*.rs'], redirectUris: [] },
  ...{ policy: 'ehr', secretHash: 'ab' },
};

const keys = async (alg: string, options: { secret?: boolean; modulusLength?: number } = {}) => {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true, ...options });
  return { keys: [await exportJWK(options.secret === true ? privateKey : publicKey)] };
};

test('an app and a system that can work are not refused', async () => {
  expect(clientFaults(app)).toEqual([]);
  expect(clientFaults({ ...app, redirectUris: ['http://localhost:3000/cb', 'http://127.0.0.1/cb'] })).toEqual([]);
  expect(clientFaults(system)).toEqual([]);
  expect(clientFaults({ ...system, secretHash: undefined, jwks: await keys('RS384') })).toEqual([]);
  expect(clientFaults({ ...system, secretHash: undefined, jwksUri: 'https://keys.example.org/' })).toEqual([]);
});

test.each<[string, Partial<ClientRegistration>]>([
  ['an id with a blank', { id: 'an app' }],
  ['an id with a slash', { id: 'a/b' }],
  ['no name', { name: ' ' }],
  ['no scope', { scopes: [] }],
  ['a scope that nobody knows', { scopes: ['patient/Pasient.rs'] }],
  ["a system's scope", { scopes: ['system/*.rs'] }],
  ['no redirect', { redirectUris: [] }],
  ['a redirect over http', { redirectUris: ['http://app.example.org/cb'] }],
  ['a redirect with a fragment', { redirectUris: ['https://app.example.org/cb#'] }],
  ['a redirect with credentials', { redirectUris: ['https://u:p@app.example.org/cb'] }],
  ['a redirect that is a script', { redirectUris: ['javascript:alert(1)'] }],
  ['a redirect of an app on a telephone', { redirectUris: ['org.example.app:/cb'] }],
  ['a launch over http', { launchUri: 'http://app.example.org/launch' }],
  ['an origin with a path', { corsOrigins: ['https://app.example.org/'] }],
  ['every origin', { corsOrigins: ['*'] }],
  ['a policy', { policy: 'admin' }],
  ['too many redirects', { redirectUris: Array.from({ length: 51 }, (_, n) => `https://app.example.org/${n}`) }],
])('an app with %s is refused', (_what, change) => {
  expect(clientFaults({ ...app, ...change })).not.toEqual([]);
});

test.each<[string, Partial<ClientRegistration>]>([
  ['nothing to prove itself by', { secretHash: undefined }],
  ['a secret and keys', { jwksUri: 'https://keys.example.org/' }],
  ['keys over http', { secretHash: undefined, jwksUri: 'http://keys.example.org/' }],
  ['no policy', { policy: undefined }],
  ['a redirect', { redirectUris: ['https://app.example.org/cb'] }],
  ["a person's scope", { scopes: ['user/*.rs'] }],
  ['words for persons', { scopes: ['system/*.rs', 'offline_access'] }],
])('a system with %s is refused', (_what, change) => {
  expect(clientFaults({ ...system, ...change })).not.toEqual([]);
});

test('private keys, weak keys, shared secrets and no keys are refused', async () => {
  const sets = [
    await keys('ES384', { secret: true }),
    { keys: [{ kty: 'RSA', e: 'AQAB', n: Buffer.alloc(128, 1).toString('base64url') }] },
    { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] },
    { keys: [{ kty: 'EC', crv: 'secp256k1', x: 'x', y: 'y' }] },
    { keys: [] },
  ];
  for (const jwks of sets) expect(clientFaults({ ...system, secretHash: undefined, jwks })).not.toEqual([]);
});
