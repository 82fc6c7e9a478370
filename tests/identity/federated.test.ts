import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Bundle, Communication, Patient, Practitioner, Task } from '@medplum/fhirtypes';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readIdentityProviders } from '../../src/identity/upstream/read-identity-providers.ts';
import { type Course, refer } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { basic } from '../kit/sign-in.ts';
import { signInAtProvider, type UpstreamProvider, upstreamProvider } from '../kit/upstream-provider.ts';

const HPR = 'urn:oid:2.16.578.1.12.4.1.4.4';
const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1';
const ORGNR = 'urn:oid:2.16.578.1.12.4.1.4.101';

let server: TestServer;
let admin: Rest;
let provider: UpstreamProvider;
let staffProvider: UpstreamProvider;

beforeAll(async () => {
  server = await testServer({
    identity: true,
    background: false,
    async identityProviders(url) {
      const pair = await generateKeyPair('PS256', { extractable: true });
      const named = { alg: 'PS256', kid: 'svar' };
      const keyFile = path.join(await mkdtemp(path.join(os.tmpdir(), 'svar-key-')), 'key.jwk');
      await writeFile(keyFile, JSON.stringify({ ...(await exportJWK(pair.privateKey)), ...named }), { mode: 0o600 });
      const publicKey = { ...(await exportJWK(pair.publicKey)), ...named };
      const scopes = { profile: ['pid', 'hpr', 'orgnr'] };
      const made = async (id: string) =>
        upstreamProvider({ dpop: true, scopes, acr: ['high'] }, () => ({
          ...{ clientId: 'svar', publicKey, signedOutUri: `${url}/signed-out` },
          redirectUri: `${url}/sign-in/upstream/${id}/back`,
        }));
      provider = await made('national');
      const common = { issuer: provider.issuer, clientId: 'svar', keyFile, scopes: ['openid', 'profile'] };
      const level = { acrValues: ['high'], require: { acr: ['high'] } };
      staffProvider = await made('work');
      return readIdentityProviders(
        [
          {
            ...{ ...common, id: 'national', purpose: 'patient', label: { nb: 'Nasjonal innlogging' }, ...level },
            person: [{ claim: 'pid', systems: [FNR] }],
          },
          {
            ...{
              ...common,
              issuer: staffProvider.issuer,
              id: 'work',
              purpose: 'staff',
              label: { nb: 'Jobbinnlogging' },
              ...level,
            },
            person: [{ claim: 'hpr', systems: [HPR] }],
            organization: [{ claim: 'orgnr', system: ORGNR }],
          },
        ],
        false,
      );
    },
  });
  admin = rest(server.base, basic('demo-admin'));
  const { body } = await admin.get<Practitioner>('Practitioner/demo-lu');
  await admin.put('Practitioner/demo-lu', { ...body, identifier: [{ system: HPR, value: '9000001' }] });
  for (const [id, where] of [
    ['lu-as-lc', 'haukeland'],
    ['lu-elsewhere', 'st-olavs'],
  ]) {
    const { body: role } = await admin.get('PractitionerRole/demo-lc');
    const made = await admin.put(`PractitionerRole/${id}`, {
      ...role,
      ...{
        id,
        practitioner: { reference: 'Practitioner/demo-lu' },
        organization: { reference: `Organization/${where}` },
      },
    });
    expect([made.status, JSON.stringify(made.body)]).toEqual([201, expect.any(String)]);
  }
});

afterAll(async () => {
  await Promise.all([provider.close(), staffProvider.close()]);
  await server.close();
});

beforeEach(() => {
  staffProvider.user = { sub: 'lu', acr: 'high', claims: { hpr: '9000001', orgnr: '974557746' } };
});

/** A browser at this server: keeps cookies; Strict ones are not sent along redirects that began elsewhere. */
class Browser {
  readonly cookies = new Map<string, { readonly value: string; readonly strict: boolean }>();

  async go(address: string, form?: Record<string, string>, site: 'same-origin' | 'cross-site' = 'same-origin') {
    const sent = [...this.cookies].filter(([, { strict }]) => !strict || site === 'same-origin');
    const answer = await fetch(new URL(address, server.url), {
      redirect: 'manual',
      headers: {
        cookie: sent.map(([name, { value }]) => `${name}=${value}`).join('; '),
        'sec-fetch-site': site,
        ...(form && { origin: server.url, 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form && { method: 'POST', body: new URLSearchParams(form).toString() }),
    });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '' || set.includes('Max-Age=0')) this.cookies.delete(name);
      else this.cookies.set(name, { value, strict: set.includes('SameSite=Strict') });
    }
    const text = await answer.text();
    return {
      status: answer.status,
      to: answer.headers.get('location') ?? '',
      refresh: answer.headers.get('refresh') ?? '',
      text,
    };
  }

  /** Presses a provider's button. @returns where the page that comes after leads */
  async signIn(button: string): Promise<string> {
    const begun = await this.go(button);
    const back = await signInAtProvider(begun.to, server.url);
    const page = await this.go(back.href, undefined, 'cross-site');
    if (page.status !== 200) throw new Error(page.text);
    return page.refresh.replace('0; url=', '');
  }

  client(): Rest {
    return rest(server.base, {
      cookie: `svar-session=${this.cookies.get('svar-session')?.value}`,
      'x-medplum': 'extended',
    });
  }
}

const buttonOf = (page: string, label: string): string =>
  new RegExp(`href="([^"]+)">${label}`).exec(page)?.[1]?.replaceAll('&amp;', '&') ?? `no button ${label}`;

test('a member of staff signs in at the provider, chooses one of the roles of this hospital, acts in it, and signs out there too', async () => {
  const browser = new Browser();
  const page = await browser.go('/sign-in');
  const choosing = await browser.signIn(buttonOf(page.text, 'Jobbinnlogging'));
  expect(choosing).toBe('/sign-in/upstream/role?back=%2F');
  const roles = (await browser.go(choosing)).text;
  expect([...roles.matchAll(/value="([\w-]+)" required/g)].map(([, id]) => id).sort()).toEqual(['demo-lu', 'lu-as-lc']);

  // a role at another hospital is theirs, but not in this session
  expect((await browser.go(choosing, { role: 'lu-elsewhere' })).to).toBe(choosing);
  await browser.go('/account', { action: 'role', role: 'lu-elsewhere' });
  expect((await browser.client().get('ServiceRequest')).status).toBe(403);

  expect((await browser.go(choosing, { role: 'lu-as-lc' })).to).toBe('/');
  const account = (await browser.go('/account')).text;
  expect(account).toContain('Haukeland');
  expect(account).not.toContain('St. Olavs');
  expect((await browser.client().get('ServiceRequest')).status).toBe(200);
  const { rows } = await server.database.pool.query<{ identity: object }>(
    `select identity from session where revoked is null order by created desc limit 1`,
  );
  expect(rows[0]?.identity).toMatchObject({
    fhirUser: 'Practitioner/demo-lu',
    role: 'lu-as-lc',
    strength: 'federated',
  });

  // by a page, not a redirect, which browsers hold against the form-action of the app's page
  const left = await browser.go('/account', { action: 'sign-out' });
  expect([left.status, new URL(/^0; url=(.*)$/.exec(left.refresh)?.[1] ?? '').origin]).toEqual([
    200,
    staffProvider.issuer,
  ]);
  expect((await browser.client().get('ServiceRequest')).status).toBe(401);
});

test('a role that ends, ends in a session that has begun', async () => {
  const browser = new Browser();
  const choosing = await browser.signIn('/sign-in/upstream/work');
  await browser.go(choosing, { role: 'lu-as-lc' });
  const { body } = await admin.get('PractitionerRole/lu-as-lc');
  await admin.put('PractitionerRole/lu-as-lc', { ...body, active: false });
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect((await browser.client().get('ServiceRequest')).status).not.toBe(200);
  await admin.put('PractitionerRole/lu-as-lc', { ...body, active: true });
});

test.each([
  ['', undefined],
  [', signed in anew where the app wants that', 'login'],
])('an app’s authorization request goes on after the provider, with the role that was chosen%s', async (_, prompt) => {
  const browser = new Browser();
  if (prompt !== undefined) await browser.signIn('/sign-in/upstream/work');
  const verifier = randomBytes(32).toString('base64url');
  const asked = new URLSearchParams({
    ...{ response_type: 'code', client_id: 'svar', redirect_uri: `${server.url}/`, scope: 'openid', state: 'x' },
    ...(prompt && { prompt }),
    ...{ code_challenge_method: 'S256', code_challenge: createHash('sha256').update(verifier).digest('base64url') },
  });
  const { to } = await browser.go(`/oauth2/authorize?${asked}`);
  expect(to).toMatch(/\/sign-in\/[\w-]+$/);
  const choosing = await browser.signIn(buttonOf((await browser.go(to)).text, 'Jobbinnlogging'));
  expect(staffProvider.lastRequest?.prompt).toBe(prompt);
  let next = (await browser.go(choosing, { role: 'demo-lu' })).to;
  for (let hops = 0; hops < 5 && !next.includes('code='); hops += 1) next = (await browser.go(next)).to;
  const code = new URL(next, server.url).searchParams.get('code') ?? '';
  const answer = await fetch(`${server.url}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: 'authorization_code', code, client_id: 'svar' },
      ...{ redirect_uri: `${server.url}/`, code_verifier: verifier },
    }),
  });
  expect(await answer.json()).toMatchObject({ profile: { reference: 'Practitioner/demo-lu' } });
});

/** What a notice about a new order for a patient carries; the registry asks for a provider. */
async function linkFor(course: Course): Promise<string> {
  const patient = { reference: `Patient/${course.patient}` };
  await admin.put('PlanDefinition/strict', {
    ...{
      resourceType: 'PlanDefinition',
      id: 'strict',
      url: 'https://svar.example.org/fhir/PlanDefinition/strict',
      status: 'active',
    },
    extension: [{ url: 'https://svar.example.org/fhir/StructureDefinition/required-strength', valueCode: 'federated' }],
  });
  const { body: task } = await admin.post<Task>('Task', {
    ...{
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      description: 'HADS',
      for: patient,
      owner: patient,
    },
    instantiatesUri: 'https://svar.example.org/fhir/PlanDefinition/strict#hads',
    basedOn: [{ reference: `ServiceRequest/${course.referral}` }],
    input: [
      {
        type: { coding: [{ system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/temp', code: 'questionnaire' }] },
        valueCanonical: 'https://svar.example.org/fhir/Questionnaire/hads|1.0.0',
      },
    ],
  });
  await admin.post<Communication>('Communication', {
    ...{ resourceType: 'Communication', status: 'in-progress', subject: patient, recipient: [patient] },
    category: [{ coding: [{ system: 'https://svar.example.org/fhir/CodeSystem/notice-kind', code: 'notice' }] }],
    basedOn: [{ reference: `Task/${task.id}` }],
    payload: [{ contentString: 'Et skjema venter.' }],
  });
  await server.fhir.runner.drain();
  return server.sent.at(-1)?.link ?? '';
}

test('a patient opens a link that asks for the provider, signs in there, and is at the order; another patient is not', async () => {
  const course = await refer(admin, { fnr: '13916900281' });
  const other = await admin.post<Patient>('Patient', {
    resourceType: 'Patient',
    identifier: [{ system: FNR, value: '13116900054' }],
  });
  expect(other.status).toBe(201);
  const link = await linkFor(course);

  for (const [pid, status] of [
    ['13916900281', 303],
    ['13116900054', 404],
  ] as const) {
    provider.user = { sub: pid, acr: 'high', claims: { pid } };
    const browser = new Browser();
    await browser.go(link, undefined, 'cross-site');
    const asking = await browser.go('/l', {});
    expect([asking.status, asking.text.includes('Jobbinnlogging')]).toEqual([401, false]);
    expect(await browser.signIn(buttonOf(asking.text, 'Nasjonal innlogging'))).toBe('/order');
    const shown = await browser.go('/order');
    expect([shown.status, shown.to?.startsWith('/patient/?order=') === true]).toEqual([status, status === 303]);
  }
});

describe('a patient whom two hospitals have registered, each for itself', () => {
  const NUMBER = '13116900216';
  const THIRD = '13116900488';
  let here: string;
  let there: Course;

  const addPatient = async (client: Rest, more: Partial<Patient>): Promise<string> => {
    const { status, body } = await client.post<Patient>('Patient', {
      ...{ resourceType: 'Patient', identifier: [{ system: FNR, value: NUMBER }] },
      ...more,
    });
    expect(status).toBe(201);
    return `Patient/${body.id}`;
  };
  const offered = (page: string): readonly (readonly (string | undefined)[])[] =>
    [...page.matchAll(/name="record" value="([^"]+)" required( checked)?>([^<]+)</g)].map(([, id, checked, title]) =>
      checked === undefined ? [id, title] : [id, title, 'in use'],
    );
  const choose = async (): Promise<{ browser: Browser; choosing: string }> => {
    const browser = new Browser();
    const choosing = await browser.signIn('/sign-in/upstream/national');
    expect(choosing).toBe('/sign-in/upstream/record?back=%2F');
    return { browser, choosing };
  };
  /** The Patients that a browser's session reaches. */
  const reached = async (browser: Browser): Promise<readonly (string | undefined)[]> => {
    const { status, body } = await browser.client().get<Bundle>('Patient');
    return status === 200 ? (body.entry ?? []).map(({ resource }) => `Patient/${resource?.id}`) : [`${status}`];
  };

  beforeAll(async () => {
    // what the writer says of whose it is does not count where it is known who stored it
    const written = { managingOrganization: { reference: 'Organization/st-olavs' } };
    here = await addPatient(rest(server.base, basic('demo-ehr')), written);
    there = await refer(admin, { fnr: NUMBER, hospital: 'st-olavs' });
    await addPatient(admin, { active: false });
    const gone = await addPatient(admin, {});
    expect((await admin.send('DELETE', gone)).status).toBeLessThan(300);
    for (const use of ['old', 'temp'] as const) {
      await addPatient(admin, { identifier: [{ use, system: FNR, value: NUMBER }] });
    }
    await addPatient(admin, {
      identifier: [
        { system: FNR, value: THIRD },
        { use: 'old', system: FNR, value: NUMBER },
      ],
    });
  });
  beforeEach(() => {
    provider.user = { sub: NUMBER, acr: 'high', claims: { pid: NUMBER } };
  });

  test('chooses one on a page that tells the hospitals alone, and another later', async () => {
    const { browser, choosing } = await choose();
    expect(await reached(browser)).toEqual(['403']);
    const page = (await browser.go(choosing)).text;
    expect(offered(page)).toEqual([
      [here, 'Haukeland universitetssjukehus'],
      [`Patient/${there.patient}`, 'St. Olavs hospital'],
    ]);
    expect(page).not.toMatch(new RegExp(`${NUMBER}|Syntetisk|1969|<script`));
    expect((await browser.go(choosing, { record: `Patient/${there.patient}` })).to).toBe('/');
    expect(await reached(browser)).toEqual([`Patient/${there.patient}`]);

    const before = browser.client();
    expect(offered((await browser.go('/account')).text)[1]).toContain('in use');
    await browser.go('/account', { action: 'record', record: here });
    expect(await reached(browser)).toEqual([here]);
    expect((await before.get('Patient')).status).toBe(401);
  });

  test('chooses nothing that was not found at the sign-in, nor what has gone since', async () => {
    const third = (await admin.get<Bundle>(`Patient?identifier=${FNR}|${THIRD}`)).body.entry?.[0]?.resource?.id;
    const passing = await addPatient(admin, {});
    const { browser, choosing } = await choose();
    expect(offered((await browser.go(choosing)).text).map(([id]) => id)).toContain(passing);
    await admin.send('DELETE', passing);
    const late = await addPatient(admin, {});
    for (const forged of [`Patient/${third}`, late, passing, 'Practitioner/demo-lu', '']) {
      expect((await browser.go(choosing, { record: forged })).to).toBe(choosing);
      await browser.go('/account', { action: 'record', record: forged });
      expect(await reached(browser)).toEqual(['403']);
    }
    await browser.go(choosing, { record: here });
    await browser.go('/account', { action: 'record', record: late });
    expect(await reached(browser)).toEqual([here]);
    await admin.send('DELETE', late);
  });

  test('is at the order that a link leads to, without choosing; a link that is only in the browser chooses nothing', async () => {
    const link = await linkFor(there);
    const browser = new Browser();
    await browser.go(link, undefined, 'cross-site');
    expect(await browser.signIn('/sign-in/upstream/national')).toContain('/record?');
    const asking = await browser.go('/l', {});
    expect(await browser.signIn(buttonOf(asking.text, 'Nasjonal innlogging'))).toBe('/order');
    expect((await browser.go('/order')).to).toContain('/patient/?order=');
    expect(await reached(browser)).toEqual([`Patient/${there.patient}`]);
    expect(offered((await browser.go('/account')).text)).toHaveLength(2);
  });

  test('is no further in an app before one is chosen', async () => {
    const asked = new URLSearchParams({
      ...{ response_type: 'code', client_id: 'svar', redirect_uri: `${server.url}/`, scope: 'openid', state: 'x' },
      ...{ code_challenge_method: 'S256', code_challenge: 'x'.repeat(43) },
    });
    const browser = new Browser();
    const { to } = await browser.go(`/oauth2/authorize?${asked}`);
    const choosing = await browser.signIn(buttonOf((await browser.go(to)).text, 'Nasjonal innlogging'));
    expect((await browser.go(to)).to).toBe(choosing);
    expect((await browser.go(choosing, { record: here })).to).toBe(new URL(to, server.url).pathname);
    expect((await browser.go(to)).to).not.toBe(choosing);
  });

  test('signs out everywhere from either', async () => {
    const one = await choose();
    await one.browser.go(one.choosing, { record: here });
    const other = await choose();
    await other.browser.go(other.choosing, { record: `Patient/${there.patient}` });
    await other.browser.go('/account', { action: 'sign-out-everywhere' });
    expect(await reached(one.browser)).toEqual(['401']);
  });
});
