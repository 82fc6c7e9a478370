import type {
  Consent,
  EpisodeOfCare,
  Observation,
  Organization,
  QuestionnaireResponse,
  ResearchStudy,
  ResearchSubject,
  Resource,
  ServiceRequest,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type AsCaller,
  asCaller,
  hospitalSystem,
  labelsOf,
  limited,
  ridOfGiven,
  rule,
} from '../../tests/kit/as-caller.ts';
import { type Course, refer, response, toItems } from '../../tests/kit/course.ts';
import { type TestServer, testServer } from '../../tests/kit/fhir-server.ts';
import { rest } from '../../tests/kit/rest.ts';
import type { Caller } from '../model/caller.ts';
import { ridOfId, shardOfRid } from '../model/rid.ts';
import { settlePatients } from './settle-ties.ts';

const CONSENTED = {
  ...{ Tilsett: '1', Norsktalende: '1', KognSvekket: '0', SkriftligSamtyk: '1' },
  DatoSamtykke: '2026-03-02',
};
const HOSPITAL = 'Organization/haukeland';
const IN_NONE = [HOSPITAL, `${HOSPITAL} *`];
const IN_REGISTRY = [HOSPITAL, `${HOSPITAL} PlanDefinition/smertereg`];
const NATIONAL = 'ResearchStudy/smertereg';

let server: TestServer;
let admin: AsCaller;
let course: Course;

beforeAll(async () => {
  server = await testServer({ background: false });
  admin = asCaller(server, { name: 'admin', kind: 'client', access: 'all' });
});
afterAll(() => server.close());

beforeEach(async () => {
  course = await refer(rest(server.base));
});

const ties = async (id: string): Promise<readonly string[]> => labelsOf(server, ridOfId(id) ?? '');
/** The labels of course, referral and patient. */
const all = async (at: Course = course) => ({
  episode: await ties(at.episode),
  referral: await ties(at.referral),
  patient: await ties(at.patient),
});
const same = (labels: readonly string[], patient: readonly string[]) => ({
  episode: labels,
  referral: labels,
  patient,
});

async function answerTo(
  answers: Parameters<typeof toItems>[0],
  before?: QuestionnaireResponse,
): Promise<QuestionnaireResponse> {
  const body = response(course, 'smertereg-to', 'in-progress', toItems(answers), '2026-03-02T09:00:00+01:00');
  const reply = before
    ? await admin.put<QuestionnaireResponse>(`QuestionnaireResponse/${before.id}`, { ...body, id: before.id })
    : await admin.post<QuestionnaireResponse>('QuestionnaireResponse', body);
  expect([200, 201]).toContain(reply.status);
  return reply.body;
}

/** A national coordinator: reaches what is in the study, and no more. */
function coordinatorOf(study: string): Caller {
  const agent = { who: 'Practitioner/sc', client: 'svar', role: 'sc', strength: 'password' };
  return limited([rule({ ties: { labels: [study], anchors: [] } })], { agent });
}

async function change<T>(url: string, fields: Partial<T>): Promise<number> {
  const { body } = await admin.get<T>(url);
  return (await admin.put(url, { ...body, ...fields })).status;
}

describe('ties of a course', () => {
  test('are its hospital, in no registry yet', async () => {
    expect(await all()).toEqual(same(IN_NONE, IN_NONE));
  });

  test('say its registry with the first membership, and the national study while it is on it', async () => {
    const first = await answerTo({ Tilsett: '1' });
    expect(await all()).toEqual(same(IN_REGISTRY, IN_NONE));
    const second = await answerTo(CONSENTED, first);
    expect(await all()).toEqual(same([...IN_REGISTRY, NATIONAL], [...IN_NONE, NATIONAL]));
    await answerTo({ ...CONSENTED, KognSvekket: '1', SkriftligSamtyk: undefined, DatoSamtykke: undefined }, second);
    expect(await all()).toEqual(same(IN_REGISTRY, IN_NONE));
  });

  test('lose the national study in the commit of a withdrawal, by whoever loses its own reach so', async () => {
    await answerTo(CONSENTED);
    const coordinator = asCaller(server, coordinatorOf(NATIONAL));
    const found = await coordinator.get<{ entry?: { resource: Consent }[] }>(
      `Consent?patient=Patient/${course.patient}`,
    );
    const consent = found.body.entry?.[0]?.resource as Consent;
    const done = await coordinator.put(`Consent/${consent.id}`, { ...consent, status: 'inactive' });
    expect(done.status).toBe(200);
    expect(await all()).toEqual(same(IN_REGISTRY, IN_NONE));
    expect((await coordinator.get(`EpisodeOfCare/${course.episode}`)).status).toBe(404);
  });

  test('lose it where the membership itself is ended', async () => {
    await answerTo(CONSENTED);
    const subjects = await admin.get<{ entry?: { resource: ResearchSubject }[] }>(
      `ResearchSubject?patient=Patient/${course.patient}&status=on-study`,
    );
    const subject = subjects.body.entry?.[0]?.resource as ResearchSubject;
    const coordinator = asCaller(server, coordinatorOf(NATIONAL));
    const ended = { ...subject, status: 'withdrawn', period: { ...subject.period, end: '2026-03-03' } };
    await coordinator.put(`ResearchSubject/${subject.id}`, ended);
    const { body } = await admin.get<ResearchSubject>(`ResearchSubject/${subject.id}`);
    expect((await ties(course.episode)).includes(NATIONAL)).toBe(body.status === 'on-study');
  });

  test('are those of the ward and of all that it is part of', async () => {
    await admin.put('Organization/ward', {
      ...{ resourceType: 'Organization', id: 'ward', name: 'Ward' },
      partOf: { reference: 'Organization/haukeland' },
    });
    await change<EpisodeOfCare>(`EpisodeOfCare/${course.episode}`, {
      managingOrganization: { reference: 'Organization/ward' },
    });
    expect(await ties(course.episode)).toEqual([...IN_NONE, 'Organization/ward', 'Organization/ward *']);
    await change<Organization>('Organization/ward', { partOf: { reference: 'Organization/st-olavs' } });
    const moved = ['Organization/st-olavs', 'Organization/st-olavs *', 'Organization/ward', 'Organization/ward *'];
    expect(await all()).toEqual(same(moved, moved));
    await change<Organization>('Organization/ward', { partOf: { reference: 'Organization/haukeland' } });
    expect(await ties(course.episode)).toEqual([...IN_NONE, 'Organization/ward', 'Organization/ward *']);
  });

  test('go with it to another hospital', async () => {
    await answerTo(CONSENTED);
    await change<EpisodeOfCare>(`EpisodeOfCare/${course.episode}`, {
      managingOrganization: { reference: 'Organization/st-olavs' },
    });
    for (const labels of Object.values(await all())) {
      expect(labels.filter((label) => label.includes('haukeland'))).toEqual([]);
      expect(labels).toContain('Organization/st-olavs');
    }
  });

  test('follow what a study says of itself', async () => {
    const study = (fields: Partial<ResearchStudy>) => ({
      ...{ resourceType: 'ResearchStudy', id: 'hospitals-own', status: 'completed' },
      ...{ sponsor: { reference: HOSPITAL }, protocol: [{ reference: 'PlanDefinition/own' }] },
      ...fields,
    });
    await admin.put('PlanDefinition/own', { resourceType: 'PlanDefinition', id: 'own', status: 'draft' });
    await admin.put('ResearchStudy/hospitals-own', study({}));
    await admin.post('ResearchSubject', {
      ...{ resourceType: 'ResearchSubject', status: 'on-study', study: { reference: 'ResearchStudy/hospitals-own' } },
      individual: { reference: `Patient/${course.patient}` },
      extension: [
        {
          url: 'https://svar.example.org/fhir/StructureDefinition/subject-course',
          valueReference: { reference: `EpisodeOfCare/${course.episode}` },
        },
      ],
    });
    const registered = [HOSPITAL, `${HOSPITAL} PlanDefinition/own`];
    expect(await ties(course.episode)).toEqual(registered);
    await admin.put('ResearchStudy/a-part', {
      ...study({}),
      id: 'a-part',
      partOf: [{ reference: 'ResearchStudy/hospitals-own' }],
    });
    expect(await ties(course.episode)).toEqual([...registered, 'ResearchStudy/hospitals-own']);
    await admin.send('DELETE', 'ResearchStudy/a-part');
    expect(await ties(course.episode)).toEqual(registered);
    await admin.put('ResearchStudy/hospitals-own', study({ protocol: undefined }));
    expect(await ties(course.episode)).toEqual(IN_NONE);
  });
});

describe('ties of a referral', () => {
  test('are not those of a course of another patient that names it', async () => {
    const other = await refer(rest(server.base), { hospital: 'st-olavs' });
    await change<EpisodeOfCare>(`EpisodeOfCare/${other.episode}`, {
      referralRequest: [{ reference: `ServiceRequest/${course.referral}` }],
    });
    expect(await ties(course.referral)).toEqual(IN_NONE);
  });

  test('go when the course names another, and when it is about another patient', async () => {
    const other = await refer(rest(server.base), { hospital: 'st-olavs' });
    await change<ServiceRequest>(`ServiceRequest/${course.referral}`, {
      subject: { reference: `Patient/${other.patient}` },
    });
    expect(await ties(course.referral)).toEqual([]);
    await change<ServiceRequest>(`ServiceRequest/${course.referral}`, {
      subject: { reference: `Patient/${course.patient}` },
    });
    expect(await ties(course.referral)).toEqual(IN_NONE);
    await change<EpisodeOfCare>(`EpisodeOfCare/${course.episode}`, { referralRequest: undefined });
    expect(await ties(course.referral)).toEqual([]);
  });

  test('follow the course to another patient', async () => {
    const other = await refer(rest(server.base), { hospital: 'st-olavs' });
    await change<EpisodeOfCare>(`EpisodeOfCare/${course.episode}`, {
      patient: { reference: `Patient/${other.patient}` },
    });
    expect(await ties(course.patient)).toEqual([]);
    expect(await ties(course.referral)).toEqual([]);
    expect(await ties(other.patient)).toEqual([...IN_NONE, 'Organization/st-olavs', 'Organization/st-olavs *']);
  });
});

describe('what is given', () => {
  test('to the hospital that stores a patient stays; of a referral it goes with the first course', async () => {
    const tenant = { reference: 'Organization/unn', rid: await ridOfGiven(server, 'unn') };
    const unn = asCaller(server, hospitalSystem(tenant));
    const patient = (await unn.post('Patient', { resourceType: 'Patient' })).body.id ?? '';
    const subject = { reference: `Patient/${patient}` };
    const order = { resourceType: 'ServiceRequest', status: 'active', intent: 'order', subject };
    const referral = (await unn.post('ServiceRequest', order)).body.id ?? '';
    const given = ['Organization/unn', 'Organization/unn *'];
    expect([await ties(patient), await ties(referral)]).toEqual([given, given]);
    const { body } = await admin.post('EpisodeOfCare', {
      ...{ resourceType: 'EpisodeOfCare', status: 'active', patient: subject },
      managingOrganization: { reference: HOSPITAL },
      referralRequest: [{ reference: `ServiceRequest/${referral}` }],
    });
    expect([await ties(patient), await ties(referral)]).toEqual([[...IN_NONE, ...given], IN_NONE]);
    await admin.send('DELETE', `EpisodeOfCare/${body.id}`);
    expect([await ties(patient), await ties(referral)]).toEqual([given, []]);
    expect(await ties(body.id ?? '')).toEqual(IN_NONE);
  });
});

test('a new ward and a course that names no Organization are those of the hospital that stores them', async () => {
  const tenant = { reference: HOSPITAL, rid: await ridOfGiven(server, 'haukeland') };
  const ehr = asCaller(server, hospitalSystem(tenant));
  const partOf = { reference: HOSPITAL };
  const ward = await ehr.post('Organization', { resourceType: 'Organization', name: 'A new ward', partOf });
  expect([ward.status, await ties(ward.body.id ?? '')]).toEqual([201, IN_NONE]);
  const patient = (await ehr.post('Patient', { resourceType: 'Patient' })).body.id ?? '';
  const open = { resourceType: 'EpisodeOfCare', status: 'active', patient: { reference: `Patient/${patient}` } };
  const episode = (await ehr.post('EpisodeOfCare', open)).body.id ?? '';
  expect(await ties(episode)).toEqual(IN_NONE);
  await change<EpisodeOfCare>(`EpisodeOfCare/${episode}`, { managingOrganization: { reference: 'Organization/unn' } });
  expect(await ties(episode)).toEqual(['Organization/unn', 'Organization/unn *']);
});

describe('what has its anchor from a resource', () => {
  test('has it within a transaction too, in whatever order; what names a course alone is stored beside it', async () => {
    const uuid = (n: number): string => `urn:uuid:00000000-0000-4000-8000-00000000000${n}`;
    const subject = { reference: `Patient/${course.patient}` };
    const seen = { resourceType: 'Observation' as const, status: 'final' as const, code: { text: 'x' }, subject };
    const entry = (n: number, resource: Resource) => ({
      fullUrl: uuid(n),
      resource,
      request: { method: 'POST' as const, url: resource.resourceType },
    });
    const { status, body } = await admin.bundle(
      'transaction',
      entry(1, { ...seen, derivedFrom: [{ reference: uuid(2) }] }),
      entry(2, { ...seen, derivedFrom: [{ reference: uuid(3) }] }),
      entry(3, { ...seen, basedOn: [{ reference: `ServiceRequest/${course.referral}` }] }),
      entry(4, {
        ...{ resourceType: 'Task', status: 'draft', intent: 'order' },
        focus: { reference: `EpisodeOfCare/${course.episode}` },
      }),
    );
    expect(status).toBe(200);
    const rids = (body.entry ?? []).map(({ response: made }) => ridOfId(made?.location?.split('/')[1] ?? '') ?? '');
    const { rows } = await server.database.pool.query(
      'select r.anchor, r.shard from unnest($1::int8[]) with ordinality as w (rid, n) join resource r using (rid) order by n',
      [rids],
    );
    const shard = shardOfRid(ridOfId(course.patient) ?? '');
    const [referral, episode] = [course.referral, course.episode].map((id) => ({ anchor: ridOfId(id), shard }));
    expect(rows).toEqual([referral, referral, referral, episode]);
    const alone = (
      await admin.post('Task', {
        ...{ resourceType: 'Task', status: 'draft', intent: 'order' },
        focus: { reference: `EpisodeOfCare/${course.episode}` },
      })
    ).body;
    expect(shardOfRid(ridOfId(alone.id ?? '') ?? '')).toBe(shard);
  });

  test('follows that to another course', async () => {
    const other = await refer(rest(server.base));
    await change<EpisodeOfCare>(`EpisodeOfCare/${other.episode}`, {
      patient: { reference: `Patient/${course.patient}` },
    });
    await change<ServiceRequest>(`ServiceRequest/${other.referral}`, {
      subject: { reference: `Patient/${course.patient}` },
    });
    const about = {
      ...{ resourceType: 'Observation', status: 'final', code: { text: 'x' } },
      subject: { reference: `Patient/${course.patient}` },
    };
    const from = async (id: string | undefined): Promise<string> =>
      (await admin.post('Observation', { ...about, derivedFrom: [{ reference: `Observation/${id}` }] })).body.id ?? '';
    const basedOn = [{ reference: `ServiceRequest/${course.referral}` }];
    const first = (await admin.post<Observation>('Observation', { ...about, basedOn })).body;
    const heir = await from(first.id);
    const ids = [first.id ?? '', heir, await from(heir)];
    const anchors = async () =>
      (
        await server.database.pool.query('select distinct anchor from resource where rid = any($1::int8[])', [
          ids.map(ridOfId),
        ])
      ).rows.map(({ anchor }) => anchor);
    expect(await anchors()).toEqual([ridOfId(course.referral)]);
    await change<Observation>(`Observation/${first.id}`, {
      basedOn: [{ reference: `ServiceRequest/${other.referral}` }],
    });
    expect(await anchors()).toEqual([ridOfId(other.referral)]);
  });
});

test('made again, ties are the same', async () => {
  await answerTo(CONSENTED);
  const state = async () => (await server.database.pool.query('select * from tie order by rid, label')).rows;
  const before = await state();
  const { rows } = await server.database.pool.query('select rid from resource where type = 103 and not deleted');
  await settlePatients(
    server.fhir.engine,
    server.database.pool,
    rows.map(({ rid }) => rid),
  );
  expect(await state()).toEqual(before);
});
