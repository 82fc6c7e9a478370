import type { Consent, EpisodeOfCare, QuestionnaireResponse, ResearchSubject, Task } from '@medplum/fhirtypes';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Course, refer, response, toItems } from '../tests/kit/course.ts';
import { type TestServer, testServer } from '../tests/kit/fhir-server.ts';
import { type Rest, rest } from '../tests/kit/rest.ts';

let server: TestServer;
let client: Rest;
let course: Course;

beforeEach(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00', background: false });
  client = rest(server.base);
  course = await refer(client);
});

afterEach(() => server.close());

const consented = {
  Tilsett: '1',
  Norsktalende: '1',
  KognSvekket: '0',
  SkriftligSamtyk: '1',
  DatoSamtykke: '2026-03-02',
};

async function saveTo(answers: Parameters<typeof toItems>[0]): Promise<QuestionnaireResponse> {
  const body = response(course, 'smertereg-to', 'in-progress', toItems(answers), '2026-03-02T09:00:00+01:00');
  const answer = await client.post<QuestionnaireResponse>('QuestionnaireResponse', body);
  expect(answer.status).toBe(201);
  return answer.body;
}

async function openMemberships(): Promise<ResearchSubject[]> {
  const subjects = await client.search<ResearchSubject>(`ResearchSubject?patient=Patient/${course.patient}`);
  return subjects.filter(({ period }) => period?.end === undefined);
}

it('a membership that a client invents is set right in the same commit', async () => {
  await saveTo({ ...consented, KognSvekket: '1', SkriftligSamtyk: undefined, DatoSamtykke: undefined });
  const [local] = await openMemberships();
  expect(local).toMatchObject({ status: 'ineligible' });
  const invented = {
    ...local,
    id: undefined,
    meta: undefined,
    status: 'on-study',
    study: { reference: 'ResearchStudy/smertereg' },
  };
  await client.post('ResearchSubject', invented);
  const changed = await client.put(`ResearchSubject/${local?.id}`, { ...local, status: 'on-study' });
  expect(changed.status).toBe(200);
  const open = await openMemberships();
  expect(open.map(({ study, status }) => [study.reference, status])).toEqual([
    ['ResearchStudy/smertereg-haukeland', 'ineligible'],
  ]);
  await server.fhir.runner.drain();
  expect(await client.search<Task>(`Task?code=complete-questionnaire&patient=Patient/${course.patient}`)).toEqual([]);
});

it('a withdrawal on the Consent itself ends membership and orders before it answers', async () => {
  await saveTo(consented);
  await server.fhir.runner.drain();
  const [consent] = await client.search<Consent>(`Consent?patient=Patient/${course.patient}`);
  expect((await client.put(`Consent/${consent?.id}`, { ...consent, status: 'inactive' })).status).toBe(200);
  expect((await openMemberships()).map(({ status }) => status)).toEqual(['not-registered']);
  const tasks = await client.search<Task>(`Task?code=complete-questionnaire&patient=Patient/${course.patient}`);
  expect(tasks.map(({ status }) => status)).toEqual(Array(4).fill('cancelled'));
});

it('a form or a course entered in error ends the membership before the answer', async () => {
  const to = await saveTo(consented);
  expect(await openMemberships()).toHaveLength(1);
  const episode = await client.get<EpisodeOfCare>(`EpisodeOfCare/${course.episode}`);
  await client.put(`EpisodeOfCare/${course.episode}`, { ...episode.body, status: 'entered-in-error' });
  expect(await openMemberships()).toEqual([]);
  await client.put(`EpisodeOfCare/${course.episode}`, { ...episode.body, status: 'active' });
  expect(await openMemberships()).toHaveLength(1);
  const removed = await client.put(`QuestionnaireResponse/${to.id}`, { ...to, status: 'entered-in-error' });
  expect([removed.status, removed.body]).toEqual([200, expect.anything()]);
  expect(await openMemberships()).toEqual([]);
});

it('a corrected birth date moves the membership in its own commit', async () => {
  await saveTo(consented);
  const patient = await client.get<object>(`Patient/${course.patient}`);
  await client.put(`Patient/${course.patient}`, { ...patient.body, birthDate: '2010-01-01' });
  const [open] = await openMemberships();
  expect(open).toMatchObject({ status: 'ineligible', study: { reference: 'ResearchStudy/smertereg-haukeland' } });
});

it('a form that is moved to another course decides there, and no more where it was', async () => {
  const to = await saveTo(consented);
  const other = await refer(client);
  const moved = {
    ...to,
    subject: { reference: `Patient/${other.patient}` },
    basedOn: [{ reference: `ServiceRequest/${other.referral}` }],
  };
  expect((await client.put(`QuestionnaireResponse/${to.id}`, moved)).status).toBe(200);
  expect(await openMemberships()).toEqual([]);
  const [consent] = await client.search<Consent>(`Consent?patient=Patient/${course.patient}`);
  expect(consent?.status).toBe('entered-in-error');
  const there = await client.search<ResearchSubject>(`ResearchSubject?patient=Patient/${other.patient}`);
  expect(there.map(({ status }) => status)).toEqual(['on-study']);
});

it('a form that becomes another form decides no more by its answers', async () => {
  const to = await saveTo(consented);
  const other = { ...to, questionnaire: 'https://svar.example.org/fhir/Questionnaire/hads|1.0.0', item: undefined };
  expect((await client.put(`QuestionnaireResponse/${to.id}`, other)).status).toBe(200);
  expect(await openMemberships()).toEqual([]);
});

it("a form about another patient decides nothing in this patient's course", async () => {
  const other = await refer(client);
  await saveTo(consented);
  const body = response(
    course,
    'smertereg-to',
    'in-progress',
    toItems({ KognSvekket: '1' }),
    '2026-03-02T09:00:00+01:00',
  );
  await client.post('QuestionnaireResponse', { ...body, subject: { reference: `Patient/${other.patient}` } });
  expect((await openMemberships()).map(({ status }) => status)).toEqual(['on-study']);
});

it('references to this server may be absolute, or name a version', async () => {
  const { id, ...episode } = (await client.get<EpisodeOfCare>(`EpisodeOfCare/${course.episode}`)).body;
  const absolute = (reference: string | undefined) => ({ reference: `${server.base}/${reference}` });
  const changed = await client.put(`EpisodeOfCare/${id}`, {
    ...episode,
    id,
    patient: absolute(episode.patient.reference),
    managingOrganization: absolute(episode.managingOrganization?.reference),
    referralRequest: [absolute(episode.referralRequest?.[0]?.reference)],
  });
  expect([changed.status, changed.body]).toEqual([200, expect.anything()]);
  const body = response(course, 'smertereg-to', 'in-progress', toItems(consented), '2026-03-02T09:00:00+01:00');
  await client.post('QuestionnaireResponse', {
    ...body,
    subject: absolute(body.subject?.reference),
    basedOn: [absolute(body.basedOn?.[0]?.reference)],
  });
  expect((await openMemberships()).map(({ status }) => status)).toEqual(['on-study']);
  const [consent] = await client.search<Consent>(`Consent?patient=Patient/${course.patient}`);
  const later = {
    ...consent,
    id: undefined,
    identifier: undefined,
    status: 'inactive',
    dateTime: '2026-03-02T09:00:00+01:00',
    provision: {
      data: [{ meaning: 'dependents', reference: { reference: `EpisodeOfCare/${course.episode}/_history/1` } }],
    },
  };
  expect((await client.post('Consent', later)).status).toBe(201);
  expect((await openMemberships()).map(({ status }) => status)).toEqual(['not-registered']);
});

it("the package's own search parameters find what bots made", async () => {
  await saveTo(consented);
  await server.fhir.runner.drain();
  const hads = 'https://svar.example.org/fhir/Questionnaire/hads';
  for (const [query, count] of [
    [`Task?questionnaire=${hads}`, 1],
    [`Task?questionnaire=${hads}|1.0.0`, 1],
    [`Task?questionnaire=${hads}|2.0.0`, 0],
    ['Task?planned=2026-03-02', 2],
    ['Task?planned=lt2026-03-02T15:31:00Z', 1],
    ['Task?deadline=2026-03-05', 2],
    [`ResearchSubject?course=EpisodeOfCare/${course.episode}`, 1],
    [`Consent?course=EpisodeOfCare/${course.episode}`, 1],
  ] as const) {
    expect([query, (await client.search(query)).length]).toEqual([query, count]);
  }
});
