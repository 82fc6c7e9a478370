import { randomBytes } from 'node:crypto';
import type { Bundle } from '@medplum/fhirtypes';
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addClient } from '../../src/identity/oauth/client-store.ts';
import {
  ASSERTION_TYPE,
  app,
  assertion,
  type BackendSystem,
  backendSystem,
  bearer,
  get,
  post,
} from '../identity/oauth/kit.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { basic, signedInAs } from '../kit/sign-in.ts';
import { type Attacked, attacked, batch, tokenOf, transaction, withToken } from './kit.ts';

let world: Attacked;
let system: BackendSystem;

const EVERYTHING = ['system/*.cruds'];

beforeAll(async () => {
  world = await attacked();
  system = await backendSystem(world.server, { scopes: EVERYTHING });
});
afterAll(() => world.server.close());

/** A system of Haukeland that was given a token for a scope; undefined where it was given none. */
async function granted(scope: string, of = system): Promise<Rest | undefined> {
  const { json } = await post(`${world.server.url}/oauth2/token`, {
    ...{ grant_type: 'client_credentials', scope, client_assertion_type: ASSERTION_TYPE },
    client_assertion: await assertion(world.server, of),
  });
  return json?.access_token === undefined ? undefined : withToken(world.server, json.access_token);
}

const observation = () => ({
  ...{ resourceType: 'Observation', status: 'final', code: { text: 'x' } },
  subject: { reference: `Patient/${world.national.patient}` },
});

describe('A9 scopes', () => {
  test('A9 a scope for one type and one act gives no other type and no other act, whatever way', async () => {
    const client = await granted('system/Observation.rs');
    if (client === undefined) throw new Error('no token');
    const { national } = world;
    expect((await client.get(`Observation/${national.observation}`)).status).toBe(200);
    for (const path of [
      `Patient/${national.patient}`,
      `Patient?_id=${national.patient}`,
      `Patient/${national.patient}/$everything`,
      `Patient/${national.patient}/$access-log`,
      `QuestionnaireResponse/${national.to}/_history/1`,
    ]) {
      expect((await client.get(path)).status, path).toBe(403);
    }
    expect((await client.post('Observation', observation())).status).toBe(403);
    expect((await client.send('DELETE', `Observation/${national.observation}`)).status).toBe(403);
    const { body } = await client.post<Bundle>(
      '',
      batch(
        { request: { method: 'GET', url: `Patient/${national.patient}` } },
        { request: { method: 'POST', url: 'Observation' }, resource: observation() },
      ),
    );
    expect(body.entry?.map(({ response }) => response?.status?.slice(0, 3))).toEqual(['403', '403']);
    const bundle = transaction({ request: { method: 'POST', url: 'Observation' }, resource: observation() });
    expect((await client.post('', bundle)).status).toBe(403);
    const included = await client.get<Bundle>(`Observation?_id=${national.observation}&_include=Observation:patient`);
    expect(included.body.entry?.map(({ resource }) => resource?.resourceType) ?? []).not.toContain('Patient');
  });

  test('A9 v1 and v2, letters of another case, order or number, wildcards and unknown words widen nothing', async () => {
    for (const scope of [
      ...['system/Patient.sr', 'system/Patient.RS', 'SYSTEM/Patient.rs', 'system/patient.rs', 'system/Patient.rsx'],
      ...['system/Pat*.rs', 'system/Patient.', 'system/Patient', 'system/.rs', 'Patient.rs', 'system/Patient.admin'],
      ...['user/Patient.rs', 'patient/Patient.rs', 'launch/patient', 'offline_access', '*', 'system/Nonsense.rs'],
      ...[
        'system/Patient.rs?',
        'system/Patient.rs?unknown=x',
        'system/Patient.read?_id=x',
        'system/Patient.rs?_has:x:y:z=1',
      ],
    ]) {
      const client = await granted(scope);
      expect((await client?.get('Patient'))?.status ?? 403, scope).toBe(403);
    }
  });

  test('A9 a registration without scopes, and one without a policy, may do nothing', async () => {
    for (const given of [
      { scopes: [] },
      { policy: 'nonsense' },
      { policy: 'lu' },
      { policy: 'patient' },
      { organization: 'Organization/nowhere' },
    ]) {
      const client = await granted(
        'system/Patient.rs',
        await backendSystem(world.server, { scopes: EVERYTHING, ...given }),
      );
      const found = await client?.get<Bundle>('Patient');
      expect(found?.body.entry ?? [], JSON.stringify(given)).toEqual([]);
      expect((await client?.get(`Patient/${world.national.patient}`))?.status ?? 403).toSatisfy(
        (status: number) => status >= 400,
      );
    }
  });

  test('A9 a constraint holds for reads, searches, counts, includes and writes; lenient handling does not relax it', async () => {
    const category = 'http://terminology.hl7.org/CodeSystem/observation-category|survey';
    const client = await granted(`system/Observation.crs?category=${category}`);
    if (client === undefined) throw new Error('no token');
    const { national } = world;
    expect((await client.get(`Observation/${national.score}`)).status).toBe(200);
    for (const headers of [{ prefer: 'handling=strict' }, { prefer: 'handling=lenient' }]) {
      expect((await client.get(`Observation/${national.observation}`, headers)).status).toBe(404);
      for (const query of [
        'Observation?_total=accurate',
        'Observation?category=exam&_total=accurate',
        'Observation?nonsense=1&_total=accurate',
      ]) {
        const { body } = await client.get<Bundle>(query, headers);
        expect(JSON.stringify(body)).not.toContain(national.observation);
      }
    }
    expect((await client.post('Observation', observation())).status).toBe(403);
    expect((await client.get(`Observation/${national.observation}/_history/1`)).status).toBe(404);
  });

  test('A9 patient scopes without a patient in context, or about another one, give nothing', async () => {
    const token = await tokenOf(world.server, 'lu', 'patient/*.rs');
    if (token !== '') {
      const client = withToken(world.server, token);
      expect((await client.get(`Patient/${world.national.patient}`)).status).toSatisfy(
        (status: number) => status >= 400,
      );
      expect((await client.get<Bundle>('Patient')).body.entry ?? []).toEqual([]);
    }
    const own = await tokenOf(world.server, 'patient', 'launch/patient patient/*.rs');
    const client = withToken(world.server, own);
    for (const path of [`Patient/${world.national.patient}`, `Patient/${world.national.patient}/$everything`]) {
      expect((await client.get(path)).status).toSatisfy((status: number) => status >= 400);
    }
  });

  test('A9 a person’s scopes never exceed their role: user/*.cruds of a local user of another hospital', async () => {
    const token = await tokenOf(world.server, 'lu2', 'openid user/*.cruds');
    expect(token).not.toBe('');
    const client = withToken(world.server, token);
    expect((await client.get(`Patient/${world.elsewhere.patient}`)).status).toBe(200);
    expect((await client.get(`Patient/${world.national.patient}`)).status).toBe(404);
    expect((await client.post('Questionnaire', { resourceType: 'Questionnaire', status: 'active' })).status).toBe(403);
    expect((await client.get('AuditEvent?patient=Patient/x')).status).toBe(403);
  });

  test('A9 a role that ended, a person who is inactive and a role of somebody else are worth nothing', async () => {
    const { server, as } = world;
    const asked = async (who: object): Promise<number> =>
      (await rest(server.base, await signedInAs(server, who)).get(`Patient/${world.national.patient}`)).status;
    const lu = { fhirUser: 'Practitioner/demo-lu' };
    expect(await asked({ ...lu, role: 'demo-lu' })).toBe(200);
    expect(await asked({ ...lu, role: 'demo-lc' })).toBe(403);
    expect(await asked({ ...lu, role: 'demo-sc' })).toBe(403);
    expect(await asked({ ...lu, role: 'nobody' })).toBe(403);
    expect(await asked(lu)).toBe(403);
    expect(await asked({ fhirUser: 'Practitioner/nobody', role: 'demo-lu' })).toBe(403);
    expect(await asked({ fhirUser: 'Device/demo-admin', role: 'admin' })).toBe(403);
    const ended = { resourceType: 'PractitionerRole', id: 'ended', active: true, period: { end: '2020-01-01' } };
    const { body } = await as.admin.get<object>('PractitionerRole/demo-lu');
    await as.admin.put('PractitionerRole/ended', { ...body, ...ended });
    await as.admin.put('PractitionerRole/inactive', { ...body, id: 'inactive', active: false });
    expect(await asked({ ...lu, role: 'ended' })).toBe(403);
    expect(await asked({ ...lu, role: 'inactive' })).toBe(403);
  });
});

describe('A10 tokens and credentials', () => {
  const refusedWith401 = async (headers: Readonly<Record<string, string>>): Promise<void> => {
    const answer = await get(`${world.server.base}/Patient`, headers);
    expect([answer.status, answer.headers.has('www-authenticate')], JSON.stringify(headers)).toEqual([401, true]);
    expect(answer.text).not.toMatch(/jwt|kid|signature|expired|audience/i);
  };

  test('A10 a token that is unsigned, signed by a stranger, of another issuer, audience, type or time is refused', async () => {
    const good = await tokenOf(world.server, 'lu', 'openid user/*.rs');
    expect((await get(`${world.server.base}/Patient`, bearer(good))).status).toBe(200);
    const [header = '', payload = '', signature = ''] = good.split('.');
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const claims = decodeJwt(good);
    const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = (more: object, head: object = {}) =>
      new SignJWT({ ...claims, ...more })
        .setProtectedHeader({ ...decodeProtectedHeader(good), alg: 'ES256', ...head })
        .sign(privateKey);
    const jwk = await exportJWK(publicKey);
    const published = (await get(`${world.server.url}/oauth2/jwks`)).text;
    const hmac = new SignJWT(claims).setProtectedHeader({ ...decodeProtectedHeader(good), alg: 'HS256' });
    for (const token of [
      `${base64({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      `${header}.${payload}.`,
      `${header}.${base64({ ...claims, sub: 'demo-admin', client_id: 'demo-admin' })}.${signature}`,
      await signed({}),
      await signed({}, { kid: '../../../../dev/null' }),
      await signed({}, { kid: "' or 1=1 --" }),
      await signed({}, { jwk }),
      await signed({}, { jku: 'http://169.254.169.254/keys' }),
      await signed({ exp: 4_000_000_000 }),
      await hmac.sign(Buffer.from(published)),
      '',
      'a',
    ]) {
      await refusedWith401({ authorization: `Bearer ${token}` });
    }
  });

  test('A10 credentials that stand twice, are mixed or not understood are refused', async () => {
    const { cookie = '' } = world.cookies.lu;
    const admin = basic('demo-admin').authorization ?? '';
    const wrong: readonly Readonly<Record<string, string>>[] = [
      { authorization: `${admin}, ${admin}` },
      { authorization: 'Basic' },
      { authorization: 'Negotiate x', cookie, 'x-medplum': 'extended' },
      { authorization: '', cookie, 'x-medplum': 'extended' },
      { authorization: basic('demo-admin', '').authorization ?? '' },
      { authorization: basic('demo-admin', 'demo ').authorization ?? '' },
      { authorization: basic('svar', '').authorization ?? '' },
      { authorization: basic('__proto__', 'demo').authorization ?? '' },
      { authorization: basic('lu', 'demo').authorization ?? '' },
    ];
    for (const headers of wrong) await refusedWith401(headers);
  });

  test('A10 another site acts with nobody’s cookie, and a cookie is taken from no other place', async () => {
    const { cookie = '' } = world.cookies.lu;
    const token = cookie.split('=')[1] ?? '';
    const foreign: readonly Readonly<Record<string, string>>[] = [
      { cookie },
      { cookie, 'x-medplum': 'extended', origin: 'https://evil.example' },
      { cookie, 'x-medplum': 'extended', origin: 'null' },
      { cookie, 'x-medplum': 'extended', 'sec-fetch-site': 'cross-site' },
      { cookie, 'sec-fetch-site': 'same-site' },
      { cookie: `svar-session=x; ${cookie}`, 'x-medplum': 'extended' },
      { authorization: `Bearer ${token}` },
      { 'x-session': token, 'x-forwarded-user': 'demo-admin' },
    ];
    for (const headers of foreign) await refusedWith401(headers);
    await refusedWith401({ 'x-original-url': '/fhir/R4/metadata', 'x-rewrite-url': '/fhir/R4/metadata' });
    expect((await get(`${world.server.base}/Patient?access_token=${token}`)).status).toBe(401);
  });

  test('A10 without credentials nothing is there but what says how to get some', async () => {
    for (const path of [
      ...['', '/Patient', '/Questionnaire', '/_history', '/$meta', '/StructureDefinition/x', '//Patient', '/%50atient'],
      ...['/metadata/../Patient', '/Patient/.well-known/smart-configuration', '/CodeSystem/$lookup', '/metadata/x'],
    ]) {
      const { status } = await get(world.server.base + path);
      expect(status, path).toSatisfy((told: number) => told === 401 || told === 404);
    }
  });

  test('A10 a client assertion is good once, for this server, from its own key, for a short time', async () => {
    const ask = async (given: string): Promise<number> => {
      const form = {
        grant_type: 'client_credentials',
        scope: 'system/Patient.rs',
        client_assertion_type: ASSERTION_TYPE,
      };
      return (await post(`${world.server.url}/oauth2/token`, { ...form, client_assertion: given })).status;
    };
    const good = await assertion(world.server, system);
    expect([await ask(good), await ask(good)]).toEqual([200, 401]);
    const now = Math.floor(Date.now() / 1000);
    const stranger = await backendSystem(world.server, { scopes: EVERYTHING });
    for (const bad of [
      await assertion(world.server, system, { aud: 'https://elsewhere.example/token' }),
      await assertion(world.server, system, { exp: now - 60 }),
      await assertion(world.server, system, { exp: now + 86_400 }),
      await assertion(world.server, system, { iss: stranger.client.id, sub: stranger.client.id }),
      await assertion(world.server, system, { sub: 'demo-admin', iss: 'demo-admin' }),
      await assertion(world.server, system, {}, { kid: 'k2' }),
    ]) {
      expect(await ask(bad)).toBe(401);
    }
  });

  test('A10 a code needs its verifier and its exact redirect; a refresh token that comes back ends all', async () => {
    const client = await app(world.server);
    for (const redirect of [
      ...[
        'https://app.example.org/callback/../evil',
        'https://app.example.org/callback?x=1',
        'https://app.example.org',
      ],
      ...[
        'https://app.example.org.evil.example/callback',
        'https://app.example.org@evil.example/callback',
        'http://app.example.org/callback',
      ],
    ]) {
      const query = new URLSearchParams({
        ...{ response_type: 'code', client_id: client.id, redirect_uri: redirect, scope: 'openid', state: 's' },
        ...{ aud: world.server.base, code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' },
      });
      const { headers, status } = await get(`${world.server.url}/oauth2/authorize?${query}`);
      expect([redirect, status, headers.get('location')]).toEqual([redirect, 400, null]);
    }
    const grants: readonly Readonly<Record<string, string>>[] = [
      { grant_type: 'authorization_code', code: randomBytes(32).toString('base64url'), code_verifier: 'x'.repeat(43) },
      { grant_type: 'refresh_token', refresh_token: randomBytes(32).toString('base64url') },
      { grant_type: 'password', username: 'lu', password: 'demo' },
      { grant_type: 'client_credentials', scope: 'system/*.rs' },
    ];
    for (const grant of grants) {
      const { status } = await post(`${world.server.url}/oauth2/token`, { ...grant, client_id: client.id });
      expect([grant.grant_type, status]).toEqual([grant.grant_type, 400]);
    }
  });

  test('A10 a client’s key set is fetched from no address that is not configured', async () => {
    const { privateKey } = await generateKeyPair('ES384');
    for (const jwksUri of ['http://169.254.169.254/latest', 'http://127.0.0.1:1/keys', 'file:///etc/passwd']) {
      const id = `ssrf-${randomBytes(4).toString('hex')}`;
      const { jwks: _, ...registered } = system.client;
      await addClient(world.server.database.pool, { ...registered, id, jwksUri }, Date.now());
      const client_assertion = await assertion(world.server, { client: { id }, privateKey });
      const { status } = await post(`${world.server.url}/oauth2/token`, {
        ...{
          grant_type: 'client_credentials',
          scope: 'system/*.rs',
          client_assertion_type: ASSERTION_TYPE,
          client_assertion,
        },
      });
      expect([400, 401], jwksUri).toContain(status);
    }
  });
});
