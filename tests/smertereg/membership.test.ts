import type { QuestionnaireResponse, ResearchSubject, ServiceRequest } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refer } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import { syntheticNumber } from '../rights/kit.ts';
import {
  consented,
  consents,
  courseWith,
  eligible,
  everybody,
  newCourse,
  orders,
  places,
  saveTo,
  type Who,
} from './course-kit.ts';

let server: TestServer;
let as: Readonly<Record<Who, Rest>>;

beforeAll(async () => {
  server = await testServer({ identity: true, background: false, testClock: '2026-03-02T08:00:00+01:00' });
  as = await everybody(server);
});

afterAll(() => server.close());

const local = (rest: string): string[] => [`local ${rest}`];
const national = ['national on-study'];

test('referred by telephone alone is local, until a written request is added: in TO', async () => {
  const course = await courseWith(as.lu, { ...consented, via: ['TelefonCalling'] });
  expect(await places(as.lu, course)).toEqual(local('ineligible formelt-henvist'));
  expect((await orders(as.lu, course)).filter((order) => !order.endsWith(' withheld'))).toEqual([]);
  await saveTo(as.lu, course, { ...consented, via: ['TelefonCalling', 'Tilsynsanmodnin'] }, { id: course.to });
  expect(await places(as.lu, course)).toEqual(national);
});

test('referred by telephone alone is local, until a written request is added: as an order in the record', async () => {
  const course = await newCourse(as.ehr);
  const { body: asked } = await as.ehr.get<ServiceRequest>(`ServiceRequest/${course.referral}`);
  await as.ehr.put(`ServiceRequest/${course.referral}`, { ...asked, intent: 'proposal' });
  expect((await saveTo(as.lu, course, { ...consented, via: [] })).status).toBe(201);
  expect(await places(as.lu, course)).toEqual(local('candidate formelt-henvist'));
  await as.ehr.put(`ServiceRequest/${course.referral}`, { ...asked, intent: 'order' });
  expect(await places(as.lu, course)).toEqual(national);
});

test('An unanswered criterion is undetermined, not failed: a candidate, held locally', async () => {
  for (const [unanswered, criterion] of [
    ['KognSvekket', 'ikke-kognitivt-svekket'],
    ['Norsktalende', 'norsktalende'],
    ['Tilsett', 'tilsett'],
  ] as const) {
    const course = await courseWith(as.lu, { ...eligible, [unanswered]: undefined });
    expect([unanswered, await places(as.lu, course)]).toEqual([unanswered, local(`candidate ${criterion}`)]);
    expect(await consents(as.lu, course)).toEqual([]);
  }
});

test('cognition may wait until the last visit, and may change', async () => {
  const course = await courseWith(as.lu, { ...eligible, KognSvekket: undefined });
  expect(await places(as.lu, course)).toEqual(local('candidate ikke-kognitivt-svekket'));
  await saveTo(as.lu, course, { ...eligible, KognSvekket: '1' }, { id: course.to });
  expect(await places(as.lu, course)).toEqual(local('ineligible ikke-kognitivt-svekket'));
  await saveTo(as.lu, course, eligible, { id: course.to });
  expect(await places(as.lu, course)).toEqual(local('eligible consent-awaited'));
  await saveTo(as.lu, course, consented, { id: course.to });
  expect(await places(as.lu, course)).toEqual(national);
});

test('Consent opens when all are met', async () => {
  const course = await courseWith(as.lu, { Tilsett: '1', Norsktalende: '1' });
  expect(await consents(as.lu, course)).toEqual([]);
  await saveTo(as.lu, course, eligible, { id: course.to });
  expect(await consents(as.lu, course)).toEqual(['proposed']);
});

test('A criterion that later fails ends membership and stops open orders in that commit', async () => {
  const course = await courseWith(as.lu, consented);
  expect(await orders(as.lu, course)).toEqual(['eval planned', 'hads ordered', 'opioid planned', 'pasreg ordered']);
  const { status } = await saveTo(as.lu, course, { ...eligible, KognSvekket: '1' }, { id: course.to });
  expect(status).toBe(200);
  // nothing has been drained: what followed, followed in the commit
  expect(await places(as.lu, course)).toEqual(local('ineligible ikke-kognitivt-svekket'));
  expect((await orders(as.lu, course)).filter((order) => !order.endsWith(' stopped'))).toEqual([]);
});

test('A criterion that later fails and is met again brings the course back, with the consent that was given', async () => {
  const course = await courseWith(as.lu, consented);
  await saveTo(as.lu, course, { ...eligible, KognSvekket: '1' }, { id: course.to });
  expect(await consents(as.lu, course)).toEqual(['active']);
  await saveTo(as.lu, course, eligible, { id: course.to });
  expect([await consents(as.lu, course), await places(as.lu, course)]).toEqual([['active'], national]);
});

test('Several courses: one patient id, several course ids, each with a membership of its own', async () => {
  const first = await courseWith(as.lu, consented);
  const fnr = syntheticNumber(77);
  const second = await refer(as.ehr, { fnr });
  const again = await as.ehr.post<{ id: string }>('ServiceRequest', {
    resourceType: 'ServiceRequest',
    status: 'active',
    intent: 'order',
    subject: { reference: `Patient/${second.patient}` },
  });
  const episode = await as.ehr.post<{ id: string }>('EpisodeOfCare', {
    resourceType: 'EpisodeOfCare',
    status: 'active',
    patient: { reference: `Patient/${second.patient}` },
    managingOrganization: { reference: 'Organization/haukeland' },
    referralRequest: [{ reference: `ServiceRequest/${again.body.id}` }],
    period: { start: '2026-03-02' },
  });
  const third = { patient: second.patient, referral: again.body.id, episode: episode.body.id };
  expect((await saveTo(as.lu, second, consented)).status).toBe(201);
  expect((await saveTo(as.lu, third, { ...eligible, KognSvekket: '1' })).status).toBe(201);
  expect([await places(as.lu, second), await places(as.lu, third)]).toEqual([
    national,
    local('ineligible ikke-kognitivt-svekket'),
  ]);
  const subjects = await as.lu.search<ResearchSubject>(`ResearchSubject?patient=Patient/${second.patient}`);
  expect(subjects).toHaveLength(2);
  expect(await places(as.lu, first)).toEqual(national);
});

test('writing the same again derives nothing anew', async () => {
  const course = await courseWith(as.lu, consented);
  const { body: to } = await as.lu.get<QuestionnaireResponse>(`QuestionnaireResponse/${course.to}`);
  const versions = async (): Promise<(string | undefined)[]> => {
    const types = ['Consent', 'ResearchSubject', 'Task'].map((type) =>
      as.admin.search(`${type}?patient=Patient/${course.patient}&_sort=_lastUpdated`),
    );
    return (await Promise.all(types))
      .flat()
      .map(({ resourceType, id, meta }) => `${resourceType}/${id} ${meta?.versionId}`);
  };
  const before = (await versions()).sort();
  const changed = await as.lu.put(`QuestionnaireResponse/${course.to}`, {
    ...to,
    authored: '2026-03-02T09:30:00+01:00',
  });
  expect(changed.status).toBe(200);
  expect((await versions()).sort()).toEqual(before);
});
