import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { signInAtProvider, type UpstreamProvider, upstreamProvider } from '../../../tests/kit/upstream-provider.ts';
import { type GuardedFetch, guardedFetch } from '../../egress/guarded-fetch.ts';
import { readEgressPolicy } from '../../egress/policy.ts';
import type { IdentityProvider } from './identity-provider.ts';
import type { ProviderKey } from './provider-key.ts';
import { RelyingParty } from './relying-party.ts';
import { UpstreamRefused } from './upstream-refused.ts';

const REDIRECT_URI = 'https://svar.example/sign-in/upstream/helseid/back';
const PID = 'helseid://claims/identity/pid';
const LEVEL = 'helseid://claims/identity/security_level';

let upstream: UpstreamProvider;
let other: UpstreamProvider;
let key: ProviderKey;
let fetching: GuardedFetch;

beforeAll(async () => {
  const pair = await generateKeyPair('PS256', { extractable: true });
  const publicKey: JWK = { ...(await exportJWK(pair.publicKey)), kid: 'svar', alg: 'PS256', use: 'sig' };
  key = { key: pair.privateKey, kid: 'svar' };
  const rules = {
    assertionType: 'client-authentication+jwt',
    dpop: true,
    authorizationDetails: true,
    acr: ['level4'],
    scopes: { 'helseid://scopes/identity/pid': [PID], 'helseid://scopes/identity/security_level': [LEVEL] },
  };
  const client = () => ({
    clientId: 'svar',
    publicKey,
    redirectUri: REDIRECT_URI,
    signedOutUri: 'https://svar.example/',
  });
  upstream = await upstreamProvider(rules, client);
  other = await upstreamProvider(rules, client);
  fetching = guardedFetch(readEgressPolicy(`${upstream.issuer} ${other.issuer}`));
});

afterAll(async () => {
  await fetching.close();
  await Promise.all([upstream.close(), other.close()]);
});

beforeEach(() => {
  for (const one of [upstream, other]) {
    one.tamper = undefined;
    one.tamperAnswer = undefined;
    one.forgeWith = undefined;
    one.user = { sub: 'sub-1', acr: 'level4', claims: { [PID]: '13116900216', [LEVEL]: '4' } };
  }
});

function provider(changes: Partial<IdentityProvider> = {}): IdentityProvider {
  return {
    id: 'helseid',
    purpose: 'staff',
    label: { nb: 'HelseID' },
    issuer: upstream.issuer,
    clientId: 'svar',
    keyFile: '',
    assertionType: 'client-authentication+jwt',
    scopes: ['openid', 'helseid://scopes/identity/pid', 'helseid://scopes/identity/security_level'],
    dpop: true,
    pushedRequests: true,
    acrValues: ['level4'],
    authorizationDetails: [{ type: 'helseid_authorization' }],
    require: { [LEVEL]: ['4'] },
    person: [{ claim: PID, systems: ['urn:oid:2.16.578.1.12.4.1.4.1'] }],
    organization: [],
    userinfo: false,
    ...changes,
  };
}

const party = (changes: Partial<IdentityProvider> = {}, by = key) =>
  new RelyingParty(provider(changes), by, REDIRECT_URI, fetching);

/** A whole sign-in; `between` is what happens to the address at which the browser comes back. */
async function signIn(relying = party(), between: (back: URL) => void = () => undefined) {
  const begun = await relying.begin('nb');
  const back = await signInAtProvider(begun.address.href, REDIRECT_URI);
  between(back);
  return relying.finish(back.search, begun.state, JSON.parse(JSON.stringify(begun.pending)));
}

async function reasonOf(refused: Promise<unknown>): Promise<string> {
  const problem = await refused.then(
    () => 'let in',
    (thrown: unknown) => thrown,
  );
  return problem instanceof UpstreamRefused ? problem.reason : String(problem);
}

test('signs in with pushed request, PKCE, DPoP, private_key_jwt and authorization_details', async () => {
  const { claims, idToken } = await signIn();
  expect(claims).toMatchObject({ sub: 'sub-1', acr: 'level4', [PID]: '13116900216', [LEVEL]: '4' });
  expect(idToken.split('.')).toHaveLength(3);
  expect(upstream.lastRequest).toMatchObject({
    code_challenge_method: 'S256',
    acr_values: 'level4',
    ui_locales: 'nb',
    authorization_details: '[{"type":"helseid_authorization"}]',
  });
});

test('the browser carries nothing but the name of the pushed request', async () => {
  const { address } = await party().begin('nb');
  expect([...address.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
});

test('claims of the userinfo endpoint come beside those of the id_token', async () => {
  expect((await signIn(party({ userinfo: true }))).claims).toMatchObject({ [PID]: '13116900216', sub: 'sub-1' });
});

test('signing out leads to the provider, with the id_token', async () => {
  const relying = party();
  const { idToken } = await signIn(relying);
  const address = await relying.signOutAddress(idToken, 'https://svar.example/');
  expect(address?.origin).toBe(upstream.issuer);
  expect(address?.searchParams.get('id_token_hint')).toBe(idToken);
});

describe('the provider enforces, and so the test would notice', () => {
  test.each<[string, Partial<IdentityProvider>]>([
    ['the typ of client assertions', { assertionType: undefined }],
    ['authorization_details', { authorizationDetails: undefined }],
    ['a level', { acrValues: [] }],
  ])('%s', async (_, changes) => {
    expect(await reasonOf(party(changes).begin('nb'))).toBe('unavailable');
  });

  test('pushed requests', async () => {
    const { address } = await party({ pushedRequests: false }).begin('nb');
    const back = await signInAtProvider(address.href, REDIRECT_URI);
    expect(back.searchParams.get('error')).toBe('invalid_request');
  });

  test('DPoP', async () => {
    expect(await reasonOf(signIn(party({ dpop: false })))).toBe('not-trusted');
  });

  test('the registered key', async () => {
    const { privateKey } = await generateKeyPair('PS256');
    expect(await reasonOf(party({}, { key: privateKey, kid: 'svar' }).begin('nb'))).toBe('unavailable');
  });

  test('PKCE: another verifier gets nothing', async () => {
    const relying = party();
    const begun = await relying.begin('nb');
    const back = await signInAtProvider(begun.address.href, REDIRECT_URI);
    const pending = { ...begun.pending, verifier: 'x'.repeat(43) };
    expect(await reasonOf(relying.finish(back.search, begun.state, pending))).toBe('not-trusted');
  });

  test('another DPoP key than the one that began gets nothing', async () => {
    const relying = party();
    const [begun, another] = await Promise.all([relying.begin('nb'), relying.begin('nb')]);
    const back = await signInAtProvider(begun.address.href, REDIRECT_URI);
    const pending = { ...begun.pending, dpop: another.pending.dpop };
    expect(await reasonOf(relying.finish(back.search, begun.state, pending))).toBe('not-trusted');
  });
});

describe('what comes back is not trusted', () => {
  const now = () => Math.floor(Date.now() / 1000);

  test.each<[string, (claims: Record<string, unknown>) => Record<string, unknown>]>([
    ['another nonce', (claims) => ({ ...claims, nonce: 'another' })],
    ['no nonce', ({ nonce: _, ...claims }) => claims],
    ['an id_token of another client', (claims) => ({ ...claims, aud: 'another' })],
    ['an id_token of several clients, for another', (claims) => ({ ...claims, aud: ['svar', 'b'], azp: 'b' })],
    ['another issuer', (claims) => ({ ...claims, iss: 'https://evil.example' })],
    ['an id_token that has expired', (claims) => ({ ...claims, exp: now() - 120 })],
    ['an id_token without end', ({ exp: _, ...claims }) => claims],
    ['an id_token without subject', ({ sub: _, ...claims }) => claims],
    ['an id_token that begins later', (claims) => ({ ...claims, nbf: now() + 120 })],
  ])('with %s', async (_, tamper) => {
    upstream.tamper = tamper;
    expect(await reasonOf(signIn())).toBe('not-trusted');
  });

  test('an honest id_token, signed again, would be trusted', async () => {
    upstream.tamper = (claims) => claims;
    expect((await signIn()).claims.sub).toBe('sub-1');
  });

  test('clocks may differ by half a minute', async () => {
    upstream.tamper = (claims) => ({ ...claims, exp: now() - 10, nbf: now() + 10 });
    expect((await signIn()).claims.sub).toBe('sub-1');
  });

  test('with a signature by another key', async () => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    upstream.forgeWith = { ...(await exportJWK(privateKey)), alg: 'RS256', kid: 'provider' };
    expect(await reasonOf(signIn())).toBe('not-trusted');
  });

  test.each<[string, (answer: Record<string, unknown>) => Record<string, unknown>]>([
    ['without id_token', ({ id_token: _, ...answer }) => answer],
    ['with tokens that are bound to no key', (answer) => ({ ...answer, token_type: 'Bearer' })],
    [
      'with an unsigned id_token',
      (answer) => {
        const [, payload] = String(answer.id_token).split('.');
        return { ...answer, id_token: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.` };
      },
    ],
  ])('%s', async (_, tamper) => {
    upstream.tamperAnswer = tamper;
    expect(await reasonOf(signIn())).toBe('not-trusted');
  });
});

describe('the address at which the browser comes back', () => {
  test('names the issuer (RFC 9207): another, or none, is refused', async () => {
    const refusals = [
      await reasonOf(signIn(party(), (back) => back.searchParams.set('iss', other.issuer))),
      await reasonOf(signIn(party(), (back) => back.searchParams.delete('iss'))),
    ];
    expect(refusals).toEqual(['not-trusted', 'not-trusted']);
  });

  test('cannot be mixed with that of another provider', async () => {
    const [ours, theirs] = [party(), party({ issuer: other.issuer })];
    const begun = await theirs.begin('nb');
    const back = await signInAtProvider(begun.address.href, REDIRECT_URI);
    expect(await reasonOf(ours.finish(back.search, begun.state, begun.pending))).toBe('not-trusted');
  });

  test('has the state', async () => {
    expect(await reasonOf(signIn(party(), (back) => back.searchParams.set('state', 'another')))).toBe('not-trusted');
  });

  test('has the code of this sign-in', async () => {
    expect(await reasonOf(signIn(party(), (back) => back.searchParams.set('code', 'another')))).toBe('not-trusted');
  });

  test('works once', async () => {
    const relying = party();
    const begun = await relying.begin('nb');
    const back = await signInAtProvider(begun.address.href, REDIRECT_URI);
    await relying.finish(back.search, begun.state, begun.pending);
    expect(await reasonOf(relying.finish(back.search, begun.state, begun.pending))).toBe('not-trusted');
  });

  test('tells of somebody who went back', async () => {
    upstream.user = undefined;
    expect(await reasonOf(signIn())).toBe('cancelled');
  });
});

test('a provider that names another issuer, or is away, is not available; the next attempt asks again', async () => {
  expect(await reasonOf(party({ issuer: `${upstream.issuer}/` }).begin('nb'))).toBe('unavailable');
  expect(await reasonOf(party({ issuer: 'https://login.example.org' }).begin('nb'))).toBe('unavailable');
});

test('a refusal tells the operator a code, and nothing of the person or the token', async () => {
  upstream.tamper = (claims) => ({ ...claims, aud: 'another' });
  const refusal = await signIn().catch((thrown: unknown) => thrown);
  expect(refusal).toBeInstanceOf(UpstreamRefused);
  expect(String(refusal)).not.toMatch(/13116900216|sub-1|eyJ/);
});
