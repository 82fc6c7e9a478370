import type { Bundle, EpisodeOfCare, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Course, date, response, type ToAnswers, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import type { Reply, Rest } from '../kit/rest.ts';
import {
  consented,
  consentOf,
  consents,
  courseWith,
  eligible,
  everybody,
  newCourse,
  orders,
  places,
  saveTo,
  type Who,
  words,
} from './course-kit.ts';

/* Ways around the rules, by JSON Patch and by transactions: none of them leads where the rules do not. */

let server: TestServer;
let as: Readonly<Record<Who, Rest>>;

beforeAll(async () => {
  server = await testServer({ identity: true, background: false, testClock: '2026-03-02T08:00:00+01:00' });
  as = await everybody(server);
});

afterAll(() => server.close());

type Operation = { readonly op: 'add' | 'replace' | 'remove'; readonly path: string; readonly value?: unknown };

const patch = (client: Rest, path: string, ...operations: Operation[]): Promise<Reply<Resource>> =>
  client.send('PATCH', path, operations, { 'content-type': 'application/json-patch+json' });

const replace = (path: string, value: unknown): Operation => ({ op: 'replace', path, value });

/** What is stored of a course in the registry. */
const stands = async (course: Course) => ({
  consents: await consents(as.admin, course),
  places: await places(as.admin, course),
  orders: await orders(as.admin, course),
});

const onlyTheCoordinator = 'Only the system coordinator';

test.each(['lu', 'lc', 'ehr'] as const)(
  "Withdrawal is SC's alone: %s does not take away what TO said by moving it to another course, or away from all",
  async (who) => {
    const [course, other] = [await courseWith(as.lu, consented), await newCourse(as.ehr)];
    const before = await stands(course);
    for (const move of [
      replace('/basedOn/0/reference', `ServiceRequest/${other.referral}`),
      { op: 'remove', path: '/basedOn' } as const,
    ]) {
      const moved = await patch(as[who], `QuestionnaireResponse/${course.to}`, move);
      expect([moved.status, words(moved)]).toEqual([422, expect.stringContaining(onlyTheCoordinator)]);
    }
    const subject = replace('/subject/reference', `Patient/${other.patient}`);
    expect((await patch(as[who], `QuestionnaireResponse/${course.to}`, subject)).status).toBeGreaterThanOrEqual(400);
    expect(await stands(course)).toEqual(before);
  },
);

test('a TO without a consent that was given may be moved: it was filed in the wrong course', async () => {
  const [course, other] = [await courseWith(as.lu, eligible), await newCourse(as.ehr)];
  const move = replace('/basedOn/0/reference', `ServiceRequest/${other.referral}`);
  expect((await patch(as.lu, `QuestionnaireResponse/${course.to}`, move)).status).toBe(200);
  expect(await places(as.lu, course)).toEqual([]);
});

test.each<[string, Operation]>([
  ['a reservation', replace('/policyRule', { coding: [{ code: 'OPTOUT' }] })],
  ['a prohibition', { op: 'add', path: '/provision/type', value: 'deny' }],
])("Withdrawal is SC's alone: the record system does not make %s of a consent", async (_, operation) => {
  const course = await courseWith(as.lu, consented);
  const before = await stands(course);
  const consent = await consentOf(as.admin, course);
  const changed = await patch(as.ehr, `Consent/${consent.id}`, operation);
  expect([changed.status, words(changed)]).toEqual([422, expect.stringContaining(onlyTheCoordinator)]);
  expect(await stands(course)).toEqual(before);
});

test.each<[string, ToAnswers]>([
  ['pending', eligible],
  ['no with passive', { ...eligible, SkriftligSamtyk: '0', TypeManglSamt: '2' }],
])(
  'yes with date: where it was %s, the record system tells it by the status of the Consent, and it counts',
  async (_, answers) => {
    const course = await courseWith(as.lu, answers);
    const { extension: _kind, ...consent } = await consentOf(as.admin, course);
    const yes = { ...consent, status: 'active', dateTime: '2026-03-02' };
    expect((await as.ehr.put(`Consent/${consent.id}`, yes)).status).toBe(200);
    expect(await places(as.lu, course)).toEqual(['national on-study']);
    expect(await orders(as.lu, course)).toEqual(['eval planned', 'hads ordered', 'opioid planned', 'pasreg ordered']);
    await saveTo(as.lu, course, { ...eligible, SkriftligSamtyk: '0', TypeManglSamt: '1' }, { id: course.to });
    expect([await consents(as.lu, course), await places(as.lu, course)]).toEqual([['active'], ['national on-study']]);
  },
);

test('what was derived of a course stays that course’s: a Consent does not lose whose it is', async () => {
  const course = await courseWith(as.lu, consented);
  const before = await stands(course);
  const consent = await consentOf(as.admin, course);
  const changed = await patch(as.ehr, `Consent/${consent.id}`, { op: 'remove', path: '/identifier' });
  expect([changed.status, words(changed)]).toEqual([422, expect.stringContaining('stays that of the course')]);
  expect(await stands(course)).toEqual(before);
});

test("A withdrawal ends all of the patient's national memberships in the registry: also by a consent dated ahead", async () => {
  const first = await newCourse(as.ehr);
  expect((await saveTo(as.lu, first, { ...consented, DatoSamtykke: '2027-03-02' })).status).toBe(201);
  expect(await places(as.lu, first)).toEqual(['national on-study']);
  const second = await furtherCourse(first);
  expect((await saveTo(as.lu, second, consented)).status).toBe(201);
  const consent = await consentOf(as.admin, second);
  expect((await as.sc.put(`Consent/${consent.id}`, { ...consent, status: 'inactive' })).status).toBe(200);
  for (const course of [first, second]) {
    expect(await places(as.lu, course)).toEqual(['local not-registered consent-withdrawn']);
  }
});

async function furtherCourse({ patient }: Course): Promise<Course> {
  const create = async (resource: Record<string, unknown> & { resourceType: string }): Promise<string> => {
    const { status, body } = await as.admin.post<{ id: string }>(resource.resourceType, resource);
    expect([status, body]).toEqual([201, expect.anything()]);
    return body.id;
  };
  const about = { reference: `Patient/${patient}` };
  const referral = await create({ resourceType: 'ServiceRequest', status: 'active', intent: 'order', subject: about });
  const episode = await create({
    resourceType: 'EpisodeOfCare',
    status: 'active',
    patient: about,
    managingOrganization: { reference: 'Organization/haukeland' },
    referralRequest: [{ reference: `ServiceRequest/${referral}` }],
    period: { start: '2026-03-02' },
  });
  return { patient, referral, episode };
}

test('Deleting a course: LC, only while no form, patient forms included, is locked: cancelling is no way around', async () => {
  const course = await courseWith(as.lu, consented);
  const cancel = (who: Who): Promise<Reply<Resource>> =>
    patch(as[who], `EpisodeOfCare/${course.episode}`, replace('/status', 'cancelled'));
  const byUser = await cancel('lu');
  expect([byUser.status, words(byUser)]).toEqual([422, expect.stringContaining('local coordinator')]);
  await saveTo(as.lu, course, consented, { id: course.to, status: 'completed' });
  const before = await stands(course);
  for (const who of ['lc', 'ehr'] as const) {
    const refused = await cancel(who);
    expect([refused.status, words(refused)]).toEqual([422, expect.stringContaining('locked')]);
  }
  expect(await stands(course)).toEqual(before);
});

test('a course that is not locked is cancelled by the coordinator, and may be written afterwards', async () => {
  const course = await courseWith(as.lu, consented);
  const path = `EpisodeOfCare/${course.episode}`;
  expect((await patch(as.lc, path, replace('/status', 'cancelled'))).status).toBe(200);
  expect(await places(as.lu, course)).toEqual([]);
  const { body } = await as.lu.get<EpisodeOfCare>(path);
  expect((await as.lu.put(path, { ...body, period: { start: '2026-03-01' } })).status).toBe(200);
});

test('Several courses: one patient id, several course ids: a course is not given to another patient', async () => {
  const [course, other] = [await courseWith(as.lu, consented), await newCourse(as.ehr)];
  const before = await stands(course);
  const path = `EpisodeOfCare/${course.episode}`;
  const given = await patch(as.ehr, path, replace('/patient/reference', `Patient/${other.patient}`));
  expect([given.status, words(given)]).toEqual([422, expect.stringContaining('stays that of its patient')]);
  expect(await stands(course)).toEqual(before);
});

test.each([false, true])(
  'date rule (registration date not before referral or start date): also where TO comes in the same transaction (TO last: %s)',
  async (last) => {
    const course = await newCourse(as.ehr);
    const entry = (form: string, items: Parameters<typeof response>[3]) => ({
      resource: response(course, form, 'in-progress', items, '2026-03-02T09:00:00+01:00'),
      request: { method: 'POST', url: 'QuestionnaireResponse' },
    });
    const forms = (day: string) => {
      const entries = [entry('smertereg-to', toItems(eligible)), entry('smertereg-b11', [date('RegDato11', day)])];
      return { resourceType: 'Bundle', type: 'transaction', entry: last ? entries.toReversed() : entries };
    };
    const early = await as.lu.post<Bundle>('', forms('2026-03-01'));
    expect([early.status, words(early)]).toEqual([422, expect.stringContaining('RegDato11')]);
    expect((await as.lu.post<Bundle>('', forms('2026-03-02'))).status).toBe(200);
  },
);
