import type {
  Bundle,
  Consent,
  EpisodeOfCare,
  OperationOutcome,
  Parameters,
  Patient,
  Provenance,
  QuestionnaireResponse,
  ResearchSubject,
  Resource,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Course, refer, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import type { Reply, Rest } from '../kit/rest.ts';
import { basic, signedIn, signedInAs } from '../kit/sign-in.ts';
import { call, nationalCourse, restAs, syntheticNumber } from '../rights/kit.ts';

const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1';

let server: TestServer;
const as = {} as Record<'lu' | 'lc' | 'sc' | 'ehr' | 'admin', Rest>;
let next = 100;
const number = (): string => {
  next += 1;
  return syntheticNumber(next);
};

beforeAll(async () => {
  server = await testServer({ identity: true, background: false });
  as.admin = restAs(server.base, basic('demo-admin'));
  as.ehr = restAs(server.base, basic('demo-ehr'));
  for (const login of ['lu', 'lc', 'sc'] as const) as[login] = restAs(server.base, await signedIn(server, login));
});

afterAll(() => server.close());

const merge = (client: Rest, surviving: Course, duplicate: Course): Promise<Reply<Patient>> => {
  const parameter = [{ name: 'duplicate', valueReference: { reference: `Patient/${duplicate.patient}` } }];
  const body: Parameters = { resourceType: 'Parameters', parameter };
  return client.post(`Patient/${surviving.patient}/$merge`, body);
};

const words = ({ body }: Reply<unknown>): string =>
  ((body as OperationOutcome).issue ?? []).map(({ diagnostics }) => diagnostics).join();

async function all(patient: string): Promise<readonly Resource[]> {
  const { body } = await as.admin.get<Bundle>(`Patient/${patient}/$everything?_count=500`);
  return (body.entry ?? []).flatMap(({ resource }) => resource ?? []);
}

const ids = (resources: readonly Resource[]): string[] =>
  resources
    .filter(({ resourceType }) => !['Patient', 'Provenance', 'AuditEvent'].includes(resourceType))
    .map(({ resourceType, id }) => `${resourceType}/${id}`)
    .sort();

/** The open membership of a course, in short. */
async function standing(course: Course): Promise<string[]> {
  const subjects = await as.admin.search<ResearchSubject>(`ResearchSubject?patient=${course.patient}`);
  return subjects
    .filter(({ period, extension = [] }) => {
      const of = extension.find(({ url }) => url.endsWith('/subject-course'))?.valueReference?.reference;
      return period?.end === undefined && of === `EpisodeOfCare/${course.episode}`;
    })
    .map(({ study, status }) => `${study.reference} ${status}`);
}

test('a changed or merged number keeps one patient: two Patients that turn out to be one', async () => {
  const [first, second] = [number(), number()];
  const stays = await nationalCourse(as.ehr, { fnr: first });
  const goes = await nationalCourse(as.ehr, { fnr: second });
  await server.fhir.runner.drain();
  const before = [...ids(await all(stays.patient)), ...ids(await all(goes.patient))].sort();
  expect(before.length).toBeGreaterThan(8);

  const { status, body } = await merge(as.lc, stays, goes);
  expect([status, body.id]).toEqual([200, stays.patient]);
  expect(body.identifier).toEqual([
    { system: FNR, value: first },
    { system: FNR, value: second, use: 'old' },
  ]);
  for (const each of [first, second]) {
    const found = await as.lu.search<Patient>(`Patient?identifier=${FNR}|${each}`);
    expect(found.map(({ id }) => id)).toEqual([stays.patient]);
  }
  expect(ids(await all(stays.patient))).toEqual(before);
  expect(ids(await all(goes.patient))).toEqual([]);
  const { body: gone } = await as.lc.get<Patient>(`Patient/${goes.patient}`);
  expect(gone).toMatchObject({
    active: false,
    link: [{ other: { reference: `Patient/${stays.patient}` }, type: 'replaced-by' }],
  });
  expect(gone.identifier ?? gone.name).toBeUndefined();
});

test('Several courses: one patient id, several course ids, also after two Patients were one: all stand where they stood', async () => {
  const stays = await nationalCourse(as.ehr, { fnr: number() });
  const goes = await nationalCourse(as.ehr, { fnr: number() });
  expect((await merge(as.ehr, stays, goes)).status).toBe(200);
  const moved = { ...goes, patient: stays.patient };
  expect(await standing(stays)).toEqual(['ResearchStudy/smertereg on-study']);
  expect(await standing(moved)).toEqual(['ResearchStudy/smertereg on-study']);
  for (const client of [as.lu, as.lc, as.sc]) {
    const courses = await client.search<EpisodeOfCare>(`EpisodeOfCare?patient=${stays.patient}`);
    expect(courses.map(({ id }) => id).sort()).toEqual([stays.episode, goes.episode].sort());
  }
  const patient = restAs(server.base, await signedInAs(server, { fhirUser: `Patient/${stays.patient}` }));
  const forms = await patient.search<QuestionnaireResponse>('QuestionnaireResponse');
  expect(forms.map(({ subject }) => subject?.reference)).toEqual(Array(2).fill(`Patient/${stays.patient}`));
  const data = await patient.get(`Patient/${stays.patient}/$my-data`);
  expect([data.status, JSON.stringify(data.body).includes(goes.episode)]).toEqual([200, true]);
});

test('a merge settles memberships again: who has withdrawn in the one record has withdrawn in both', async () => {
  const stays = await nationalCourse(as.ehr, { fnr: number() });
  const goes = await nationalCourse(as.ehr, { fnr: number() });
  const [consent] = await as.sc.search<Consent>(`Consent?patient=${goes.patient}`);
  expect((await as.sc.put(`Consent/${consent?.id}`, { ...consent, status: 'inactive' })).status).toBe(200);
  expect(await standing(goes)).toEqual(['ResearchStudy/smertereg-haukeland not-registered']);
  expect((await merge(as.lc, stays, goes)).status).toBe(200);
  expect(await standing({ ...goes, patient: stays.patient })).toEqual([
    'ResearchStudy/smertereg-haukeland not-registered',
  ]);
});

test('a locked form stays as it was: its answers, its status, its id; a Provenance tells who merged', async () => {
  const stays = await nationalCourse(as.ehr, { fnr: number() });
  const goes = await nationalCourse(as.ehr, { fnr: number() });
  const [before] = await as.lc.search<QuestionnaireResponse>(`QuestionnaireResponse?patient=${goes.patient}`);
  expect((await merge(as.lc, stays, goes)).status).toBe(200);
  const { body: after } = await as.lc.get<QuestionnaireResponse>(`QuestionnaireResponse/${before?.id}`);
  expect({ ...after, meta: undefined }).toEqual({
    ...before,
    meta: undefined,
    subject: { reference: `Patient/${stays.patient}` },
  });
  const told = await as.admin.search<Provenance>(`Provenance?target=Patient/${stays.patient}`);
  const merged = told.filter(({ activity }) => activity?.coding?.[0]?.code === 'merge');
  expect(merged.map(({ agent }) => [agent[0]?.role?.[0]?.coding?.[0]?.code, agent[0]?.who.reference])).toEqual([
    ['lc', 'Practitioner/demo-lc'],
  ]);
});

test('what is written afterwards is about the one: a correction of a form that moved; what came late is moved, too', async () => {
  const stays = await nationalCourse(as.ehr, { fnr: number() });
  const goes = await nationalCourse(as.ehr, { fnr: number() });
  expect((await merge(as.lc, stays, goes)).status).toBe(200);
  const [to] = await as.lc.search<QuestionnaireResponse>(
    `QuestionnaireResponse?based-on=ServiceRequest/${goes.referral}`,
  );
  const item = toItems({
    ...{ Tilsett: '1', Norsktalende: '0', KognSvekket: '0', SkriftligSamtyk: '1', DatoSamtykke: '2026-03-02' },
  });
  const refused = await as.lc.put(`QuestionnaireResponse/${to?.id}`, { ...to, item });
  expect(refused.status).toBe(422);
  const measured = { resourceType: 'Observation', status: 'final', code: { text: 'x' } };
  const subject = { reference: `Patient/${goes.patient}` };
  const { body: late } = await as.admin.post('Observation', { ...measured, subject });
  expect((await merge(as.admin, stays, goes)).status).toBe(200);
  expect(ids(await all(stays.patient))).toContain(`Observation/${late.id}`);
});

test('only who reaches both, and all of the one that goes, merges them: LC, the hospital’s system, who may do everything', async () => {
  const stays = await nationalCourse(as.ehr, { fnr: number() });
  const goes = await nationalCourse(as.ehr, { fnr: number() });
  for (const who of ['lu', 'sc'] as const)
    expect([who, (await merge(as[who], stays, goes)).status]).toEqual([who, 403]);
  const patient = restAs(server.base, await signedInAs(server, { fhirUser: `Patient/${stays.patient}` }));
  expect((await merge(patient, stays, goes)).status).toBe(403);
  const elsewhere = await refer(as.admin, { fnr: number(), hospital: 'st-olavs' });
  expect((await merge(as.lc, stays, elsewhere)).status).toBe(404);
  expect((await merge(as.lc, elsewhere, goes)).status).toBe(404);
  const shared = await as.admin.post('EpisodeOfCare', {
    ...{ resourceType: 'EpisodeOfCare', status: 'active', patient: { reference: `Patient/${goes.patient}` } },
    managingOrganization: { reference: 'Organization/st-olavs' },
  });
  expect(shared.status).toBe(201);
  const refused = await merge(as.lc, stays, goes);
  expect([refused.status, words(refused)]).toEqual([403, expect.stringContaining('Others hold a part')]);
  expect((await merge(as.lc, goes, stays)).status).toBe(200);
  expect((await merge(as.admin, stays, goes)).status).toBe(422);
  expect((await merge(as.lc, goes, goes)).status).toBe(422);
});

test('who had an account as the duplicate signs in as the one who stays', async () => {
  const stays = await nationalCourse(as.ehr, { fnr: number() });
  const goes = await nationalCourse(as.ehr, { fnr: number() });
  const patient = restAs(server.base, await signedInAs(server, { fhirUser: `Patient/${goes.patient}` }));
  expect((await patient.get(`Patient/${goes.patient}`)).status).toBe(200);
  expect((await merge(as.lc, stays, goes)).status).toBe(200);
  expect((await patient.get(`Patient/${goes.patient}`)).status).toBe(401);
});

test('erased as one: nothing of either record is left', async () => {
  const stays = await nationalCourse(as.ehr, { fnr: number() });
  const goes = await nationalCourse(as.ehr, { fnr: number() });
  expect((await merge(as.lc, stays, goes)).status).toBe(200);
  const given = { basis: 'objection', confirm: stays.patient };
  expect((await call(as.lc, `Patient/${stays.patient}/$erase`, given)).status).toBe(200);
  for (const { patient } of [stays, goes]) {
    expect((await as.admin.get(`Patient/${patient}`)).status).toBe(410);
  }
  const left = await server.database.pool.query(`select 1 from history where rid = any($1::int8[])`, [
    [stays, goes].map(({ patient }) => BigInt(`0x${patient}`).toString()),
  ]);
  expect(left.rowCount).toBe(0);
});
