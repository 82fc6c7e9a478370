import type { Bundle, PlanDefinition, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Course, hadsItems, refer, response, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { basic, type Credentials, signedInAs } from '../kit/sign-in.ts';
import { call } from './kit.ts';

const PLAN = 'https://svar.example.org/fhir/PlanDefinition/smertereg';
const SEES = 'https://svar.example.org/fhir/StructureDefinition/patient-sees-result';
const SCORE = 'https://svar.example.org/fhir/CodeSystem/score';

let server: TestServer;
let admin: Rest;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00', background: false, identity: true, apps: true });
  admin = rest(server.base, basic('demo-admin'));
});

afterAll(() => server.close());

interface Asked {
  readonly registry: string;
  readonly state: string;
  readonly at?: string;
  readonly text: {
    readonly id: string;
    readonly language: string;
    readonly short: string[];
    readonly layers: object[];
  };
}

/** A course whose patient may be asked, and has not been. */
async function asked(): Promise<Course> {
  const course = await refer(admin);
  const answers = toItems({ Tilsett: '1', Norsktalende: '1', KognSvekket: '0' });
  const to = response(course, 'smertereg-to', 'in-progress', answers, '2026-03-02T09:00:00+01:00');
  expect((await admin.post('QuestionnaireResponse', to)).status).toBe(201);
  return course;
}

const patientOf = ({ patient }: Course) => signedInAs(server, { fhirUser: `Patient/${patient}` });

async function told<T>(path: string, who: Credentials): Promise<T> {
  const answer = await fetch(`${server.url}/patient/${path}`, { headers: { ...who, 'sec-fetch-site': 'same-origin' } });
  expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([path, 200, 'no-store']);
  return (await answer.json()) as T;
}

const consentsOf = async (who: Credentials) => (await told<{ consents: Asked[] }>('session/consents', who)).consents;

test('a patient reads the words in layers, in their language, gives consent and withdraws it as easily', async () => {
  const course = await asked();
  const who = await patientOf(course);
  const patient = rest(server.base, who);
  const [first, ...more] = await consentsOf({ ...who, 'accept-language': 'sv' });
  expect([first?.registry, first?.state, first?.at, more]).toEqual([PLAN, 'none', undefined, []]);
  expect(first?.text).toMatchObject({
    language: 'sv',
    layers: Array.from({ length: 5 }, () => ({ title: expect.any(String), text: expect.any(Array) })),
  });
  expect(first?.text.short.join(' ')).toContain('Det är frivilligt');
  const sign = (decision: string, text = first?.text.id ?? '') =>
    call<Bundle>(patient, `Patient/${course.patient}/$sign-consent`, { decision, registry: PLAN, text });
  for (const [decision, state] of [
    ['refuse', 'refused'],
    ['give', 'given'],
    ['withdraw', 'withdrawn'],
    ['give', 'given'],
  ] as const) {
    const { status, body } = await sign(decision);
    expect([status, JSON.stringify(body)]).toEqual([200, expect.stringContaining('consent-text/smertereg|1.0')]);
    const [now] = await consentsOf(who);
    expect([now?.state, now?.at]).toEqual([state, expect.any(String)]);
  }
  for (const other of ['https://svar.example.org/fhir/consent-text/smertereg|9', 'https://example.org/other|1.0']) {
    expect([other, (await sign('withdraw', other)).status]).toEqual([other, 422]);
  }
});

test('who has nothing to do with a registry is not asked; nobody is told anything without a sign-in', async () => {
  const course = await asked();
  const { body } = await admin.post<{ id: string }>('Patient', { resourceType: 'Patient' });
  expect(await consentsOf(await signedInAs(server, { fhirUser: `Patient/${body.id}` }))).toEqual([]);
  for (const path of ['session', 'session/consents', 'session/results']) {
    expect((await fetch(`${server.url}/patient/${path}`)).status).toBe(401);
    const staff = await signedInAs(server, { fhirUser: 'Practitioner/demo-lu', role: 'demo-lu' });
    expect((await fetch(`${server.url}/patient/${path}`, { headers: staff })).status).toBe(401);
    const foreign = { ...(await patientOf(course)), 'sec-fetch-site': 'cross-site' };
    expect((await fetch(`${server.url}/patient/${path}`, { headers: foreign })).status).toBe(401);
  }
});

test('a registry shows its patients the scores that it names, and no others', async () => {
  const course = await asked();
  const who = await patientOf(course);
  const items = hadsItems('1');
  const answer = response(course, 'hads', 'completed', items, '2026-03-02T09:00:00+01:00');
  const { status, body } = await admin.post<{ id: string }>('QuestionnaireResponse', answer);
  expect(status).toBe(201);
  await server.fhir.runner.drain();
  const before = await told<{ answered: object[]; results: object[] }>('session/results', who);
  expect(before.answered).toEqual([{ id: body.id, title: expect.stringContaining('HADS'), at: expect.any(String) }]);
  expect(before.results).toEqual([]);

  const { body: plan } = await admin.get<PlanDefinition>('PlanDefinition/smertereg');
  const extension = [...(plan.extension ?? []), { url: SEES, valueCoding: { system: SCORE, code: 'hads-anxiety' } }];
  expect((await admin.put('PlanDefinition/smertereg', { ...plan, extension })).status).toBe(200);
  const { results } = await told<{ results: object[] }>('session/results', { ...who, 'accept-language': 'en' });
  expect(results).toEqual([
    expect.objectContaining({
      ...{ code: 'hads-anxiety', title: 'HADS anxiety', range: { min: 0, max: 21 }, higherIs: 'worse' },
      points: [{ at: expect.any(String), value: 7, response: body.id }],
    }),
  ]);
  const [result] = results as { bands: { from: number; title: string }[] }[];
  expect(result?.bands[0]).toEqual({ from: 0, title: expect.any(String) });

  // who came by a link may have lent somebody the telephone
  const [task] = await admin.search<Task>(`Task?patient=Patient/${course.patient}`);
  const link = { fhirUser: `Patient/${course.patient}`, strength: 'link' as const, order: task?.id ?? '' };
  const byLink = await fetch(`${server.url}/patient/session/results`, { headers: await signedInAs(server, link) });
  expect([byLink.status, await byLink.json()]).toEqual([200, { answered: [], results: [] }]);
});

test('the language that a patient chooses holds for the pages of sign-in too', async () => {
  const choose = (language: unknown, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/patient/session/language`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-medplum': 'extended', ...headers },
      body: JSON.stringify({ language }),
    });
  const nynorsk = await choose('nn');
  expect([nynorsk.status, nynorsk.headers.getSetCookie().join()]).toEqual([204, expect.stringContaining('=nn;')]);
  const unknown = await choose('tlh');
  expect([unknown.status, unknown.headers.getSetCookie()]).toEqual([204, []]);
  expect((await choose('nn', { origin: 'https://evil.example' })).status).toBe(403);
});
