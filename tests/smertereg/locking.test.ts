import type { Bundle, OperationOutcome, Provenance, QuestionnaireResponse, Resource, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Course, hadsItems, refer, response, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import type { Reply, Rest } from '../kit/rest.ts';
import { basic, signedIn, signedInAs } from '../kit/sign-in.ts';
import { restAs, syntheticNumber } from '../rights/kit.ts';
import { asServerStores } from './as-server.ts';

const STATUS = 'https://svar.example.org/fhir/CodeSystem/order-status';
const REASON = 'https://svar.example.org/fhir/StructureDefinition/change-reason';
const seen = {
  ...{ Tilsett: '1', Norsktalende: '1', KognSvekket: '0', SkriftligSamtyk: '1', DatoSamtykke: '2026-03-02' },
} as const;

let server: TestServer;
const as = {} as Record<'lu' | 'lc' | 'sc' | 'ehr' | 'admin', Rest>;
let next = 1;

beforeAll(async () => {
  server = await testServer({ identity: true, background: false });
  as.admin = restAs(server.base, basic('demo-admin'));
  as.ehr = restAs(server.base, basic('demo-ehr'));
  for (const login of ['lu', 'lc', 'sc'] as const) as[login] = restAs(server.base, await signedIn(server, login));
});

afterAll(() => server.close());

async function course(): Promise<Course> {
  next += 1;
  return refer(as.ehr, { fnr: syntheticNumber(next) });
}

const to = (of: Course, status: QuestionnaireResponse['status']): QuestionnaireResponse =>
  response(of, 'smertereg-to', status, toItems(seen), '2026-03-02T09:00:00+01:00');

/** A TO that LU has saved and then locked. */
async function lockedTo(of: Course): Promise<QuestionnaireResponse> {
  const { body: saved } = await as.lu.post<QuestionnaireResponse>('QuestionnaireResponse', to(of, 'in-progress'));
  const locked = await as.lu.put<QuestionnaireResponse>(`QuestionnaireResponse/${saved.id}`, {
    ...saved,
    status: 'completed',
  });
  expect([locked.status, locked.body.status]).toEqual([200, 'completed']);
  return locked.body;
}

const put = <R extends Resource>(client: Rest, resource: R): Promise<Reply<R>> =>
  client.put<R>(`${resource.resourceType}/${resource.id}`, resource);

const words = ({ body }: Reply<unknown>): string =>
  ((body as OperationOutcome).issue ?? []).map(({ diagnostics }) => diagnostics).join();

const told = (of: Resource): Promise<Provenance[]> =>
  as.admin.search<Provenance>(`Provenance?target=${of.resourceType}/${of.id}&_sort=recorded`);

/** What a Provenance tells, in short. */
const summary = ({ target, activity, reason, agent }: Provenance) => ({
  version: target[0]?.reference?.split('/_history/')[1],
  activity: activity?.coding?.[0]?.code,
  reason: reason?.[0]?.text,
  who: agent[0]?.who.reference ?? agent[0]?.who.identifier?.value,
  role: agent[0]?.role?.[0]?.coding?.[0]?.code,
});

async function me(client: Rest): Promise<string> {
  const { body } = await client.get<{ profile?: { resourceType: string; id: string } }>(`${server.url}/auth/me`);
  return `${body.profile?.resourceType}/${body.profile?.id}`;
}

const withReason = <R extends QuestionnaireResponse | Task>(resource: R, valueString: string): R => ({
  ...resource,
  extension: [{ url: REASON, valueString }],
});

/** TO's answers: referred in writing, or by telephone too. */
const items = (telephone: '0' | '1') =>
  toItems({ ...seen, via: telephone === '1' ? ['Tilsynsanmodnin', 'TelefonCalling'] : ['Tilsynsanmodnin'] });

test("Form states: empty, in progress, completed (locked): LU can't change a locked form", async () => {
  const of = await course();
  const locked = await lockedTo(of);
  for (const status of ['completed', 'amended', 'in-progress', 'entered-in-error'] as const) {
    const { status: answer } = await put(as.lu, { ...locked, status, item: items('1') });
    expect([status, answer]).toEqual([status, 403]);
  }
  expect((await as.lu.send('DELETE', `QuestionnaireResponse/${locked.id}`)).status).toBe(403);
  expect((await as.admin.get<QuestionnaireResponse>(`QuestionnaireResponse/${locked.id}`)).body).toEqual(locked);
});

test("LU can't change a locked form: not by a second one that would stand for it either", async () => {
  const of = await course();
  await lockedTo(of);
  for (const who of ['lu', 'lc', 'ehr'] as const) {
    for (const status of ['in-progress', 'completed'] as const) {
      const second = await as[who].post('QuestionnaireResponse', to(of, status));
      expect([who, second.status, words(second)]).toEqual([who, 422, expect.stringContaining('This form is locked')]);
    }
  }
});

test('LC can open and correct it (amended, with Provenance)', async () => {
  const of = await course();
  const locked = await lockedTo(of);
  const silent = await put(as.lc, { ...locked, item: items('1') });
  expect([silent.status, words(silent)]).toEqual([422, expect.stringContaining('amended')]);

  const corrected = await put(as.lc, withReason({ ...locked, status: 'amended', item: items('1') }, 'Feil pasient.'));
  expect(corrected.status).toBe(200);
  const opened = await put(as.lc, { ...corrected.body, status: 'in-progress' });
  expect(opened.status).toBe(200);
  const filled = await put(as.lu, { ...opened.body, item: items('0') });
  const again = await put(as.lu, { ...filled.body, status: 'completed' });
  expect([filled.status, again.status]).toEqual([200, 200]);
  expect((await put(as.lu, { ...again.body, item: items('1') })).status).toBe(403);

  const [lc, lu] = [await me(as.lc), await me(as.lu)];
  const versions = [corrected, opened, again].map(({ body }) => body.meta?.versionId);
  expect((await told(locked)).map(summary)).toEqual([
    { version: versions[0], activity: 'corrected', reason: 'Feil pasient.', who: lc, role: 'lc' },
    { version: versions[1], activity: 'opened', reason: undefined, who: lc, role: 'lc' },
    { version: versions[2], activity: 'corrected', reason: undefined, who: lu, role: 'lu' },
  ]);
  const [first] = await told(locked);
  expect((await as.lc.get(`Provenance/${first?.id}`)).status).toBe(200);
  expect(first?.target[1]).toEqual({ reference: `Patient/${of.patient}` });
});

test('LC can open and correct it: nobody else opens it, and nobody corrects it without saying so', async () => {
  const of = await course();
  const locked = await lockedTo(of);
  const opened = await put(as.ehr, { ...locked, status: 'in-progress' });
  expect([opened.status, words(opened)]).toEqual([422, expect.stringContaining('Only the local coordinator')]);
  for (const status of ['completed', 'stopped'] as const) {
    expect((await put(as.ehr, { ...locked, status, item: items('1') })).status).toBe(422);
  }
  expect(await told(locked)).toEqual([]);
  expect((await put(as.ehr, { ...locked, status: 'amended', item: items('1') })).status).toBe(200);
  expect((await told(locked)).map(summary)).toEqual([
    { version: '3', activity: 'corrected', reason: undefined, who: 'demo-ehr', role: 'ehr' },
  ]);
});

test('LC can open and correct it: nobody deletes it', async () => {
  const of = await course();
  const locked = await lockedTo(of);
  for (const who of ['lc', 'ehr'] as const) {
    expect([who, (await as[who].send('DELETE', `QuestionnaireResponse/${locked.id}`)).status]).toEqual([who, 403]);
  }
});

test('an opening and its Provenance are one commit: what refuses the one leaves nothing of the other', async () => {
  const of = await course();
  const locked = await lockedTo(of);
  const bundle: Bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        resource: { ...locked, status: 'in-progress' },
        request: { method: 'PUT', url: `QuestionnaireResponse/${locked.id}` },
      },
      { resource: to(await course(), 'amended'), request: { method: 'POST', url: 'QuestionnaireResponse' } },
    ],
  };
  expect((await as.lc.post('', bundle)).status).toBe(403);
  expect(await told(locked)).toEqual([]);
});

/** The order of HADS that a saved TO with consent makes, put into a state. */
async function order(of: Course, status: Task['status'], code: string, end?: string): Promise<Task> {
  expect((await as.lu.post('QuestionnaireResponse', to(of, 'in-progress'))).status).toBe(201);
  const tasks = await as.admin.search<Task>(`Task?patient=${of.patient}`);
  const made = tasks.find(({ input }) => input?.some(({ valueCanonical }) => valueCanonical?.includes('/hads')));
  return asServerStores(server, {
    ...(made as Task),
    status,
    businessStatus: { coding: [{ system: STATUS, code }] },
    restriction: { period: { start: '2026-03-02T16:30:00+01:00', ...(end === undefined ? {} : { end }) } },
  });
}

const hads = (of: Course, status: QuestionnaireResponse['status']): QuestionnaireResponse =>
  response(of, 'hads', status, hadsItems(), '2026-03-03T09:00:00+01:00');

test('closed unanswered with a reason (locked too): nobody answers it until LC opens its order', async () => {
  for (const [status, code] of [
    ['failed', 'expired'],
    ['cancelled', 'closed'],
  ] as const) {
    const of = await course();
    const closed = await order(of, status, code);
    const patient = restAs(server.base, await signedInAs(server, { fhirUser: `Patient/${of.patient}` }));
    for (const client of [as.lu, as.lc, as.ehr, patient]) {
      for (const state of ['in-progress', 'completed'] as const) {
        expect((await client.post('QuestionnaireResponse', hads(of, state))).status).toBe(422);
      }
    }
    const paper: Task = {
      ...closed,
      status: 'in-progress',
      businessStatus: { coding: [{ system: STATUS, code: 'paper' }] },
    };
    const byLu = await put(as.lu, paper);
    expect([byLu.status, words(byLu)]).toEqual([422, expect.stringContaining('local coordinator')]);
    expect((await put(as.lc, { ...paper, status: 'requested' })).status).toBe(422);
    const past = { ...paper, restriction: { period: { end: '2026-01-01' } } };
    expect((await put(as.lc, past)).status).toBe(422);
    const opened = await put(as.lc, withReason(paper, 'Papirskjema ble funnet.'));
    expect(opened.status).toBe(200);
    expect((await told(closed)).map(summary)).toEqual([
      {
        ...{ version: opened.body.meta?.versionId, activity: 'opened', reason: 'Papirskjema ble funnet.' },
        ...{ who: await me(as.lc), role: 'lc' },
      },
    ]);
    expect((await patient.post('QuestionnaireResponse', hads(of, 'completed'))).status).toBe(422);
    const entered = await as.lu.post('QuestionnaireResponse', hads(of, 'completed'));
    expect([entered.status, words(entered)]).toEqual([201, '']);
  }
});

test('LC can open and correct it: a form that the patient has answered, which staff then enter', async () => {
  const of = await course();
  const sent = await order(of, 'requested', 'reminded', '2099-01-01');
  const patient = restAs(server.base, await signedInAs(server, { fhirUser: `Patient/${of.patient}` }));
  const { status, body: answer } = await patient.post<QuestionnaireResponse>(
    'QuestionnaireResponse',
    hads(of, 'completed'),
  );
  expect(status).toBe(201);
  await server.fhir.runner.drain();
  const { body: answered } = await as.lu.get<Task>(`Task/${sent.id}`);
  expect(answered.status).toBe('completed');
  expect((await put(as.lu, { ...answered, status: 'requested' })).status).toBe(422);
  expect((await put(as.lu, { ...answered, note: [{ text: 'Ringte.' }] })).status).toBe(200);
  expect((await put(patient, { ...answer, status: 'in-progress' })).status).toBe(403);

  const { body: opened } = await put(as.lc, { ...answer, status: 'in-progress' });
  const { body: paper } = await as.lu.get<Task>(`Task/${sent.id}`);
  expect([paper.status, paper.businessStatus?.coding?.[0]?.code]).toEqual(['in-progress', 'paper']);
  expect((await put(patient, { ...opened, item: hadsItems('2') })).status).toBe(422);
  expect((await put(as.lu, { ...opened, status: 'completed', item: hadsItems('2') })).status).toBe(200);
  await server.fhir.runner.drain();
  const { body: again } = await as.lu.get<Task>(`Task/${sent.id}`);
  expect([again.status, again.output?.[0]?.valueReference?.reference]).toEqual([
    'completed',
    `QuestionnaireResponse/${answer.id}`,
  ]);
});
