import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Organization, Patient, Practitioner, PractitionerRole } from '@medplum/fhirtypes';
import express from 'express';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type GuardedFetch, guardedFetch } from '../../src/egress/guarded-fetch.ts';
import { readEgressPolicy, withOrigins } from '../../src/egress/policy.ts';
import { storedResources } from '../../src/identity/stored.ts';
import { readIdentityProviders } from '../../src/identity/upstream/read-identity-providers.ts';
import { type FederatedPerson, upstreamRouter } from '../../src/identity/upstream/router.ts';
import { Upstream } from '../../src/identity/upstream/upstream.ts';
import { secretsOf } from '../../src/runtime/secrets.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import {
  signInAtProvider,
  type UpstreamProvider,
  type UpstreamRules,
  upstreamProvider,
} from '../kit/upstream-provider.ts';

const CHILD = 'helseid://claims/client/claims/orgnr_child';
const LEVEL = 'helseid://claims/identity/security_level';
const PSEUDONYM = 'helseid://claims/identity/pid_pseudonym';
const HPR = 'helseid://claims/hpr/hpr_number';
const SYSTEM = {
  hpr: 'urn:oid:2.16.578.1.12.4.1.4.4',
  fnr: 'urn:oid:2.16.578.1.12.4.1.4.1',
  dnr: 'urn:oid:2.16.578.1.12.4.1.4.2',
};

let fhir: TestServer;
let client: Rest;
let web: Server;
let url: string;
let helseId: UpstreamProvider;
let idPorten: UpstreamProvider;
let guarded: GuardedFetch;
let upstream: Upstream;
const started: FederatedPerson[] = [];
let sessions = 0;
const observed: (readonly [string, string, string])[] = [];
const time = { ahead: 0 };
const clock = { now: () => new Date(Date.now() + time.ahead) };
const ids: Record<string, string> = {};

beforeAll(async () => {
  fhir = await testServer({ packages: false, background: false });
  client = rest(fhir.base);
  await people();
  const app = express();
  web = createServer(app);
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'svar-keys-'));
  const documented = await documentedProviders();
  const keys = await Promise.all(documented.map(({ id }) => keyFile(folder, id)));
  const rules: UpstreamRules[] = [
    {
      assertionType: 'client-authentication+jwt',
      dpop: true,
      authorizationDetails: true,
      scopes: {
        'helseid://scopes/identity/pid_pseudonym': [PSEUDONYM],
        'helseid://scopes/identity/security_level': [LEVEL],
        'helseid://scopes/hpr/hpr_number': [HPR],
        profile: [CHILD],
      },
    },
    { dpop: false, acr: ['idporten-loa-substantial', 'idporten-loa-high'], scopes: { profile: ['pid'] } },
  ];
  const made = await Promise.all(
    documented.map(({ id, clientId }, index) =>
      upstreamProvider(rules[index]!, () => ({
        clientId,
        publicKey: keys[index]!.publicKey,
        redirectUri: `${url}/sign-in/upstream/${id}/back`,
        signedOutUri: `${url}/signed-out`,
      })),
    ),
  );
  [helseId, idPorten] = made as [UpstreamProvider, UpstreamProvider];
  const configured = documented.map((one, index) => ({
    ...one,
    issuer: made[index]!.issuer,
    keyFile: keys[index]!.file,
  }));
  guarded = guardedFetch(
    withOrigins(
      readEgressPolicy(''),
      made.map(({ issuer }) => issuer),
    ),
  );
  upstream = await Upstream.open({
    providers: readIdentityProviders(configured, false),
    db: fhir.database.pool,
    secrets: secretsOf(Buffer.alloc(32, 1)),
    clock,
    guarded,
    baseUrl: url,
    stored: storedResources(fhir.fhir.engine),
    now: clock.now,
    zone: 'Europe/Oslo',
  });
  app.use(
    upstreamRouter({
      upstream,
      async startSession(_request, response, person) {
        started.push(person);
        response.append('set-cookie', 'svar-session=test; Path=/; HttpOnly; SameSite=Strict');
        sessions += 1;
        return `session-${sessions}`;
      },
      linkedPatient: async () => undefined,
      languageOf: () => 'nb',
      exceeded: async ({ headers }) => headers['x-too-many'] !== undefined,
      observe: (...event) => observed.push(event),
      secure: false,
    }),
  );
});

afterAll(async () => {
  await guarded.close();
  web.closeAllConnections();
  await Promise.all([helseId.close(), idPorten.close(), new Promise((resolve) => web.close(resolve)), fhir.close()]);
});

beforeEach(() => {
  started.length = 0;
  observed.length = 0;
  time.ahead = 0;
  for (const one of [helseId, idPorten]) one.tamper = undefined;
  helseId.user = staff();
  idPorten.user = patient('13116900216');
});

/** The objects that docs/identity-providers.md shows, as they stand there. */
async function documentedProviders(): Promise<{ id: string; clientId: string }[]> {
  const text = await readFile('docs/identity-providers.md', 'utf8');
  return [...text.matchAll(/```json [\w-]+\n([\s\S]*?)```/g)].map(([, json = '']) => JSON.parse(json));
}

async function keyFile(folder: string, name: string): Promise<{ file: string; publicKey: JWK }> {
  const pair = await generateKeyPair('PS256', { extractable: true });
  const file = path.join(folder, `${name}.jwk`);
  await writeFile(file, JSON.stringify({ ...(await exportJWK(pair.privateKey)), alg: 'PS256', kid: name }), {
    mode: 0o600,
  });
  return { file, publicKey: { ...(await exportJWK(pair.publicKey)), alg: 'PS256', kid: name, use: 'sig' } };
}

async function people(): Promise<void> {
  const put = async (resource: Organization | Practitioner | PractitionerRole | Patient): Promise<void> => {
    const { status, body } = await client.put(`${resource.resourceType}/${resource.id}`, resource);
    if (status !== 201) throw new Error(JSON.stringify(body));
  };
  const orgnr = (value: string) => [{ system: 'urn:oid:2.16.578.1.12.4.1.4.101', value }];
  await put({ resourceType: 'Organization', id: 'trust', identifier: orgnr('983974724') });
  await put({
    resourceType: 'Organization',
    id: 'one',
    identifier: orgnr('974557746'),
    partOf: { reference: 'Organization/trust' },
  });
  await put({ resourceType: 'Organization', id: 'ward', name: 'Ward', partOf: { reference: 'Organization/one' } });
  await put({ resourceType: 'Organization', id: 'two', identifier: orgnr('974749505') });
  const practitioner = (id: string, system: string, value: string, active = true) =>
    put({ resourceType: 'Practitioner', id, active, identifier: [{ system, value }] });
  await practitioner('kari', SYSTEM.hpr, '9000001');
  await practitioner('ola', 'https://helseid.nhn.no/pid-pseudonym', 'AbC+/9=');
  await practitioner('gone', SYSTEM.hpr, '9000002', false);
  await practitioner('twin-a', SYSTEM.hpr, '9000003');
  await practitioner('twin-b', SYSTEM.hpr, '9000003');
  const role = (id: string, who: string, where: string, more: Partial<PractitionerRole> = {}) =>
    put({
      resourceType: 'PractitionerRole',
      id,
      active: true,
      practitioner: { reference: `Practitioner/${who}` },
      organization: { reference: `Organization/${where}` },
      ...more,
    });
  await role('kari-one', 'kari', 'one');
  await role('kari-ward', 'kari', 'ward');
  await role('kari-two', 'kari', 'two');
  await role('kari-trust', 'kari', 'trust');
  await role('kari-ended', 'kari', 'one', { period: { end: '2020-01-01' } });
  await role('kari-off', 'kari', 'one', { active: false });
  await role('ola-two', 'ola', 'two');
  for (const twin of ['twin-a', 'twin-b', 'gone']) await role(`${twin}-one`, twin, 'one');
  for (const [name, identifier] of [
    ['anna', { system: SYSTEM.fnr, value: '13116900216' }],
    ['dora', { system: SYSTEM.dnr, value: '53116900048' }],
    ['same-1', { system: SYSTEM.fnr, value: '13116900488' }],
    ['same-2', { system: SYSTEM.fnr, value: '13116900488' }],
  ] as const) {
    const { status, body } = await client.post<Patient>('Patient', {
      resourceType: 'Patient',
      identifier: [identifier],
    });
    if (status !== 201) throw new Error(JSON.stringify(body));
    ids[name] = `Patient/${body.id}`;
  }
}

const staff = (claims: Record<string, unknown> = {}) => ({
  sub: 'sub-kari',
  acr: 'Level4',
  claims: { [HPR]: '9000001', [LEVEL]: '4', [CHILD]: '974557746', ...claims },
});
const patient = (pid: unknown, acr = 'idporten-loa-high') => ({ sub: 'sub-patient', acr, claims: { pid } });

/** A browser that goes to the sign-in page's button; `cookies` as this server set them. */
async function begin(provider: string, query = '', headers: Record<string, string> = {}) {
  const answer = await fetch(`${url}/sign-in/upstream/${provider}${query}`, { redirect: 'manual', headers });
  const cookie = answer.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ');
  return { answer, cookie, location: answer.headers.get('location') ?? '' };
}

const comeBack = (address: URL | string, cookie: string) => fetch(address, { headers: { cookie }, redirect: 'manual' });

async function signIn(provider: string, query = '') {
  const { location, cookie } = await begin(provider, query);
  const answer = await comeBack(await signInAtProvider(location, url), cookie);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

const reasons = () => observed.map(([, outcome]) => outcome);

describe('staff by HelseID, as docs/identity-providers.md configures it', () => {
  test('get the roles that they hold at the hospital they signed in for, and at its parts', async () => {
    const { status, headers } = await signIn('helseid', '?back=/registry%3Fa=b');
    expect(status).toBe(200);
    expect(started).toEqual([
      {
        subject: 'helseid Practitioner/kari',
        fhirUser: 'Practitioner/kari',
        strength: 'federated',
        roles: ['kari-one', 'kari-ward'],
      },
    ]);
    expect(headers.get('refresh')).toBe('0; url=/sign-in/upstream/role?back=%2Fregistry%3Fa%3Db');
    expect(headers.get('set-cookie')).toContain('svar-session');
    expect(reasons()).toEqual(['signed-in']);
  });

  test('the request says for which hospital', async () => {
    await signIn('helseid');
    const details = JSON.parse(String(helseId.lastRequest?.authorization_details));
    expect(details[0].practitioner_role.organization.identifier.value).toBe('NO:ORGNR:983974724:974557746');
  });

  test('without a claim for the hospital, it is the one that the request named', async () => {
    helseId.user = staff({ [CHILD]: undefined });
    await signIn('helseid');
    expect(started[0]?.roles).toEqual(['kari-one', 'kari-ward']);
  });

  test('who has no HPR number is known by pseudonym, and gets nothing at a hospital where they have no role', async () => {
    helseId.user = staff({ [HPR]: undefined, [PSEUDONYM]: 'AbC+/9=' });
    const { status, text } = await signIn('helseid');
    expect([status, reasons(), started]).toEqual([403, ['no-role'], []]);
    expect(text).toContain('Du har ingen tilgang ved sykehuset');
    helseId.user = staff({ [HPR]: undefined, [PSEUDONYM]: 'AbC+/9=', [CHILD]: '974749505' });
    await signIn('helseid');
    expect(started[0]).toMatchObject({ fhirUser: 'Practitioner/ola', roles: ['ola-two'] });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['an unknown number', { [HPR]: '9999999' }, 'unknown-person'],
    ['no number at all', { [HPR]: undefined }, 'unknown-person'],
    ['a number that two have', { [HPR]: '9000003' }, 'unknown-person'],
    ['somebody who has left', { [HPR]: '9000002' }, 'unknown-person'],
    ['a number with a comma, which searches would read as two', { [HPR]: '1,9000001' }, 'unknown-person'],
    ['a number with a bar', { [HPR]: '|9000001' }, 'unknown-person'],
    ['a list of numbers', { [HPR]: ['9000001'] }, 'unknown-person'],
    ['an unknown hospital', { [CHILD]: '999999999' }, 'no-role'],
    ['a lower level', { [LEVEL]: '3' }, 'too-weak'],
    ['no level', { [LEVEL]: undefined }, 'too-weak'],
  ])('%s lets nobody in', async (_, claims, reason) => {
    helseId.user = staff(claims);
    const { status } = await signIn('helseid');
    expect([status, reasons(), started]).toEqual([403, [reason], []]);
  });
});

describe('patients by ID-porten, as docs/identity-providers.md configures it', () => {
  test.each([
    ['a national identity number', '13116900216', 'anna'],
    ['a D-number', '53116900048', 'dora'],
  ])('are found by %s', async (_, pid, name) => {
    idPorten.user = patient(pid);
    const { status } = await signIn('id-porten');
    expect([status, started]).toEqual([
      200,
      [{ subject: `id-porten ${ids[name]}`, fhirUser: ids[name], strength: 'federated' }],
    ]);
  });

  test('whom nobody knows is told so, and nothing is created', async () => {
    idPorten.user = patient('01010100050');
    const before = await client.search('Patient?_summary=true');
    const { status, text } = await signIn('id-porten');
    expect([status, reasons(), started]).toEqual([403, ['unknown-person'], []]);
    expect(text).toContain('Vi finner deg ikke her');
    expect(text).not.toContain('01010100050');
    expect(await client.search('Patient?_summary=true')).toHaveLength(before.length);
  });

  test('a number that two Patients have is either’s: they are nobody yet, and choose', async () => {
    idPorten.user = patient('13116900488');
    const { status, text } = await signIn('id-porten');
    expect([status, started]).toEqual([
      200,
      [{ subject: expect.any(String), strength: 'federated', records: [expect.anything(), expect.anything()] }],
    ]);
    expect(text).toContain('/sign-in/upstream/record?back=');
  });

  test.each(['idporten-loa-low', 'Level3', ''])('a sign-in by %j is too weak', async (acr) => {
    idPorten.user = patient('13116900216', acr);
    expect([(await signIn('id-porten')).status, reasons(), started]).toEqual([403, ['too-weak'], []]);
  });

  test('who goes back is told so', async () => {
    idPorten.user = undefined;
    const { status, text } = await signIn('id-porten');
    expect([status, reasons()]).toEqual([200, ['cancelled']]);
    expect(text).toContain('Du avbrøt innloggingen');
  });
});

describe('the way back', () => {
  const arrived = async (provider = 'id-porten') => {
    const { location, cookie } = await begin(provider);
    return { back: await signInAtProvider(location, url), cookie };
  };

  test('works once', async () => {
    const { back, cookie } = await arrived();
    expect((await comeBack(back, cookie)).status).toBe(200);
    expect((await comeBack(back, cookie)).status).toBe(403);
    expect([reasons(), started.length]).toEqual([['signed-in', 'lost'], 1]);
  });

  test('works in the browser that began, and in no other', async () => {
    for (const planted of ['', 'svar-upstream=x', `svar-upstream=${'A'.repeat(43)}`]) {
      const { back } = await arrived();
      expect((await comeBack(back, planted)).status).toBe(403);
    }
    const { back, cookie } = await arrived();
    expect((await comeBack(back, `${cookie}; ${cookie}`)).status).toBe(403);
    expect([new Set(reasons()), started.length]).toEqual([new Set(['lost']), 0]);
  });

  test('another browser that tried has spoilt it: a state that leaked is worth nothing', async () => {
    const { back, cookie } = await arrived();
    await comeBack(back, '');
    expect((await comeBack(back, cookie)).status).toBe(200);
    const again = await arrived();
    await comeBack(again.back, `svar-upstream=${'A'.repeat(43)}`);
    expect((await comeBack(again.back, again.cookie)).status).toBe(403);
  });

  test('ends after ten minutes', async () => {
    const { back, cookie } = await arrived();
    time.ahead = 10 * 60_000 + 1000;
    expect((await comeBack(back, cookie)).status).toBe(403);
    expect(reasons()).toEqual(['lost']);
  });

  test('is the one of the provider that was asked', async () => {
    const { back, cookie } = await arrived();
    const mixed = new URL(back);
    mixed.pathname = '/sign-in/upstream/helseid/back';
    expect((await comeBack(mixed, cookie)).status).toBe(403);
    // refused before the code is sent anywhere
    expect([observed, started]).toEqual([[['helseid', 'not-trusted', 'came back from another provider']], []]);
  });

  test('without state, with two, or with one of nobody leads nowhere', async () => {
    const { back, cookie } = await arrived();
    for (const query of ['', '?code=x', '?code=x&state=y', `${back.search}&state=y`]) {
      expect((await comeBack(`${url}/sign-in/upstream/id-porten/back${query}`, cookie)).status).toBe(403);
    }
    expect(started).toEqual([]);
  });

  test('two sign-ins of one browser do not disturb each other', async () => {
    const first = await begin('id-porten');
    const second = await begin('helseid', '', { cookie: first.cookie });
    expect(second.cookie).toBe(first.cookie);
    expect((await comeBack(await signInAtProvider(second.location, url), first.cookie)).status).toBe(200);
    expect((await comeBack(await signInAtProvider(first.location, url), first.cookie)).status).toBe(200);
  });

  test.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/a;url=//b',
    '/%0d%0a',
  ])('leads to this server alone, not to %s', async (back) => {
    const { headers } = await signIn('id-porten', `?back=${encodeURIComponent(back)}`);
    expect(headers.get('refresh')).toMatch(/^0; url=\/(%0d%0a)?$/);
  });
});

test('a provider that is not configured is not there', async () => {
  for (const name of ['other', '__proto__', 'helseid%2Fback']) {
    expect((await begin(name)).answer.status).toBe(404);
  }
});

test('an address that begins too many sign-ins is told to wait', async () => {
  expect((await begin('helseid', '', { 'x-too-many': '1' })).answer.status).toBe(503);
});

test('the cookie is for this server alone and out of reach of scripts', async () => {
  const { answer } = await begin('helseid');
  expect(answer.headers.get('set-cookie')).toMatch(
    /^svar-upstream=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=900$/,
  );
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

test('what the database keeps of a sign-in under way opens nothing', async () => {
  const { location } = await begin('helseid');
  const { rows } = await fhir.database.pool.query<{ row: string }>(
    'select upstream_sign_in::text as row from upstream_sign_in',
  );
  const text = JSON.stringify(rows);
  expect(rows.length).toBeGreaterThan(0);
  expect(text).not.toMatch(/verifier|nonce|"d"|back/);
  expect(text).not.toContain(new URL(location).searchParams.get('request_uri'));
});

test('buttons are in the language of the page, Bokmål where Nynorsk is missing', () => {
  expect(upstream.choices('sv').map(({ label }) => label)).toEqual(['Logga in med HelseID', 'Logga in med ID-porten']);
  expect(upstream.choices('nn')[1]).toEqual({
    provider: 'id-porten',
    purpose: 'patient',
    label: 'Logg inn med ID-porten',
    path: '/sign-in/upstream/id-porten',
  });
});

test('signing out here leads to signing out there, once, and not for sessions of other ways', async () => {
  await signIn('id-porten');
  const session = `session-${sessions}`;
  const address = await upstream.signOutAddress(session, `${url}/signed-out`);
  expect(address?.origin).toBe(idPorten.issuer);
  expect(address?.searchParams.get('post_logout_redirect_uri')).toBe(`${url}/signed-out`);
  expect(await upstream.signOutAddress(session, `${url}/signed-out`)).toBeUndefined();
  expect(await upstream.signOutAddress('another', `${url}/signed-out`)).toBeUndefined();
});

test('what is observed names no person', async () => {
  idPorten.user = patient('01010100050');
  await signIn('id-porten');
  await signIn('helseid');
  expect(JSON.stringify(observed)).not.toMatch(/01010100050|9000001|kari|sub-/);
});
