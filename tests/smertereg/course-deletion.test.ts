import type { OperationOutcome, QuestionnaireResponse, Resource, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Course, hadsItems, refer, response, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import type { Reply, Rest } from '../kit/rest.ts';
import { basic, signedIn } from '../kit/sign-in.ts';
import { restAs, syntheticNumber } from '../rights/kit.ts';
import { asServerStores } from './as-server.ts';

const STATUS = 'https://svar.example.org/fhir/CodeSystem/order-status';
const consented = {
  ...{ Tilsett: '1', Norsktalende: '1', KognSvekket: '0', SkriftligSamtyk: '1', DatoSamtykke: '2026-03-02' },
} as const;
/** Whatever may be stored of a course. */
const TYPES = ['EpisodeOfCare', 'Task', 'ResearchSubject', 'Consent', 'Observation', 'QuestionnaireResponse'] as const;

let server: TestServer;
const as = {} as Record<'lu' | 'lc' | 'ehr' | 'admin', Rest>;
let next = 50;

beforeAll(async () => {
  server = await testServer({ identity: true, background: false });
  as.admin = restAs(server.base, basic('demo-admin'));
  as.ehr = restAs(server.base, basic('demo-ehr'));
  for (const login of ['lu', 'lc'] as const) as[login] = restAs(server.base, await signedIn(server, login));
});

afterAll(() => server.close());

/** A course with a saved TO that gives consent, so that everything is derived that can be. */
async function course(status: 'in-progress' | 'completed' = 'in-progress'): Promise<Course> {
  next += 1;
  const of = await refer(as.ehr, { fnr: syntheticNumber(next) });
  const to = response(of, 'smertereg-to', status, toItems(consented), '2026-03-02T09:00:00+01:00');
  const { status: answer } = await as.lu.post('QuestionnaireResponse', to);
  expect(answer).toBe(201);
  await server.fhir.runner.drain();
  return of;
}

async function stored(of: Course): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const type of [...TYPES, 'Encounter', 'ServiceRequest', 'Communication']) {
    counts[type] = (await as.admin.search<Resource>(`${type}?patient=${of.patient}`)).length;
  }
  return counts;
}

const remove = (client: Rest, of: Course) => client.send<OperationOutcome>('DELETE', `EpisodeOfCare/${of.episode}`);
const words = ({ body }: Reply<OperationOutcome>): string =>
  (body?.issue ?? []).map(({ diagnostics }) => diagnostics).join();

/** HADS's order, put into a state. */
async function order(of: Course, status: Task['status'], code: string): Promise<Task> {
  const tasks = await as.admin.search<Task>(`Task?patient=${of.patient}`);
  const made = tasks.find(({ input }) => input?.some(({ valueCanonical }) => valueCanonical?.includes('/hads')));
  const businessStatus = { coding: [{ system: STATUS, code }] };
  return asServerStores(server, { ...(made as Task), status, businessStatus });
}

test('Deleting a course: LC: in one request, with all that was derived from it and what was filled in', async () => {
  const of = await course();
  const hads = response(of, 'hads', 'in-progress', hadsItems(), '2026-03-03T09:00:00+01:00');
  const sent = await order(of, 'requested', 'sent');
  await as.lu.post('QuestionnaireResponse', hads);
  await as.admin.post('Communication', {
    ...{ resourceType: 'Communication', status: 'completed', basedOn: [{ reference: `Task/${sent.id}` }] },
    subject: { reference: `Patient/${of.patient}` },
  });
  const stay = { resourceType: 'Encounter', status: 'in-progress', class: { code: 'IMP' } };
  const { status } = await as.ehr.post('Encounter', {
    ...stay,
    subject: { reference: `Patient/${of.patient}` },
    episodeOfCare: [{ reference: `EpisodeOfCare/${of.episode}` }],
  });
  expect(status).toBe(201);
  const before = await stored(of);
  for (const type of ['EpisodeOfCare', 'Task', 'ResearchSubject', 'Consent', 'QuestionnaireResponse', 'Encounter']) {
    expect([type, before[type]]).not.toEqual([type, 0]);
  }
  expect((await remove(as.lc, of)).status).toBe(204);
  const after = await stored(of);
  expect(after).toEqual({ ...Object.fromEntries(Object.keys(after).map((type) => [type, 0])), ServiceRequest: 1 });
  expect((await as.lc.get(`EpisodeOfCare/${of.episode}`)).status).toBe(410);
  await server.fhir.runner.drain();
  expect(await stored(of)).toEqual(after);
});

test('Deleting a course: LC: a local user may not', async () => {
  const of = await course();
  const before = await stored(of);
  expect((await remove(as.lu, of)).status).toBe(403);
  expect(await stored(of)).toEqual(before);
});

test('Deleting a course: only while no form is locked', async () => {
  const of = await course('completed');
  const before = await stored(of);
  const refused = await remove(as.lc, of);
  expect([refused.status, words(refused)]).toEqual([422, expect.stringContaining('A form of this course is locked')]);
  expect(await stored(of)).toEqual(before);
});

test('Deleting a course: only while no form, patient forms included, is locked: answered or closed unanswered', async () => {
  for (const [status, code] of [
    ['completed', 'answered'],
    ['failed', 'expired'],
    ['cancelled', 'closed'],
  ] as const) {
    const of = await course();
    await order(of, status, code);
    const refused = await remove(as.lc, of);
    expect([code, refused.status, words(refused)]).toEqual([code, 422, expect.stringContaining('locked')]);
  }
  const of = await course();
  const hads = response(of, 'hads', 'completed', hadsItems(), '2026-03-03T09:00:00+01:00');
  expect((await as.lu.post('QuestionnaireResponse', hads)).status).toBe(201);
  expect((await remove(as.lc, of)).status).toBe(422);
});

test('what others say of the course is not taken away with it: then it stays, whole', async () => {
  const of = await course();
  const { status } = await as.ehr.post('CarePlan', {
    ...{ resourceType: 'CarePlan', status: 'active', intent: 'plan', subject: { reference: `Patient/${of.patient}` } },
    supportingInfo: [{ reference: `EpisodeOfCare/${of.episode}` }],
  });
  expect(status).toBe(201);
  const before = await stored(of);
  const refused = await remove(as.lc, of);
  expect([refused.status, words(refused)]).toEqual([409, expect.stringContaining('refers to this EpisodeOfCare')]);
  expect(await stored(of)).toEqual(before);
});

test('of two courses under one referral the forms stay with the other, and so does a stay that both name', async () => {
  const of = await course();
  const subject = { reference: `Patient/${of.patient}` };
  const { body: other } = await as.ehr.post('EpisodeOfCare', {
    ...{ resourceType: 'EpisodeOfCare', status: 'active', patient: subject },
    managingOrganization: { reference: 'Organization/haukeland' },
    referralRequest: [{ reference: `ServiceRequest/${of.referral}` }],
    period: { start: '2026-03-02' },
  });
  const both = [{ reference: `EpisodeOfCare/${of.episode}` }, { reference: `EpisodeOfCare/${other.id}` }];
  const stay = { resourceType: 'Encounter', status: 'in-progress', class: { code: 'IMP' }, subject };
  const { body: encounter } = await as.ehr.post('Encounter', { ...stay, episodeOfCare: both });
  expect((await remove(as.lc, of)).status).toBe(204);
  const forms = await as.admin.search<QuestionnaireResponse>(`QuestionnaireResponse?patient=${of.patient}`);
  expect(forms.map(({ status }) => status)).toEqual(['in-progress']);
  const { body } = await as.admin.get(`Encounter/${encounter.id}`);
  expect(body).toMatchObject({ episodeOfCare: [{ reference: `EpisodeOfCare/${other.id}` }] });
});
