import type { Bundle, Encounter, EpisodeOfCare, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Course, choice, date, response } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import {
  consented,
  consentOf,
  courseWith,
  eligible,
  everybody,
  formStates,
  impaired,
  newCourse,
  notSeen,
  outputOf,
  registrationOf,
  save,
  saveTo,
  type Who,
  words,
} from './course-kit.ts';

let server: TestServer;
let as: Readonly<Record<Who, Rest>>;

beforeAll(async () => {
  server = await testServer({ identity: true, background: false, testClock: '2026-03-02T08:00:00+01:00' });
  as = await everybody(server);
  for (const id of ['kir1', 'kir2']) {
    const ward = {
      resourceType: 'Organization',
      id,
      name: id,
      active: true,
      partOf: { reference: 'Organization/haukeland' },
    };
    await as.admin.put(`Organization/${id}`, ward);
    const managingOrganization = { reference: 'Organization/haukeland' };
    await as.admin.put(`Location/${id}`, {
      resourceType: 'Location',
      id,
      name: id,
      status: 'active',
      managingOrganization,
    });
  }
});

afterAll(() => server.close());

/** The Encounter by which a patient lies somewhere. */
function stay({ patient, episode }: Course, place: string): Encounter {
  return {
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
    subject: { reference: `Patient/${patient}` },
    episodeOfCare: [{ reference: `EpisodeOfCare/${episode}` }],
    serviceProvider: { reference: `Organization/${place}` },
    location: [{ location: { reference: `Location/${place}` }, status: 'active' }],
  };
}

/** B1.1 that registers where the patient lay. */
function b11(course: Course, place: string): QuestionnaireResponse {
  const innlagt = {
    linkId: 'Innlagt',
    item: [
      { linkId: 'Lokasjon', answer: [{ valueReference: { reference: `Location/${place}` } }] },
      { linkId: 'InnlAvd', answer: [{ valueReference: { reference: `Organization/${place}` } }] },
    ],
  };
  const items = [date('RegDato11', '2026-03-02'), innlagt];
  return response(course, 'smertereg-b11', 'in-progress', items, '2026-03-02T09:00:00+01:00');
}

test("the worklist answers in one request with each form's state", async () => {
  const course = await courseWith(as.lu, consented);
  await save(as.lu, course, 'smertereg-b12');
  const { status, body } = await as.lu.get<Bundle>(
    'Task?code=register-course&status=in-progress&owner=Organization/haukeland&_include=Task:patient&_count=500',
  );
  expect(status).toBe(200);
  const found = (body.entry ?? []).flatMap(({ resource }) => resource ?? []);
  expect(found.some(({ resourceType, id }) => resourceType === 'Patient' && id === course.patient)).toBe(true);
  const line = found.find(
    (each): each is Task => each.resourceType === 'Task' && each.focus?.reference === `EpisodeOfCare/${course.episode}`,
  );
  expect(line).toMatchObject({
    status: 'in-progress',
    for: { reference: `Patient/${course.patient}` },
    basedOn: [{ reference: `ServiceRequest/${course.referral}` }],
    instantiatesCanonical: 'https://svar.example.org/fhir/PlanDefinition/smertereg',
    executionPeriod: { start: '2026-03-02' },
  });
  expect(line && formStates(line)).toEqual({
    TO: 'in-progress',
    B11: 'empty',
    B12: 'in-progress',
    B21: 'empty',
    B22: 'empty',
  });
  expect(line && [outputOf(line, 'consent'), outputOf(line, 'membership')]).toEqual([['active'], ['on-study']]);
});

test('each form: empty, in progress, completed; closed where it was filled in and is not open any more', async () => {
  const course = await courseWith(as.lu, eligible);
  await save(as.lu, course, 'smertereg-b12');
  await saveTo(as.lu, course, consented, { id: course.to, status: 'completed' });
  expect(formStates(await registrationOf(as.lu, course))).toMatchObject({
    TO: 'completed',
    B11: 'empty',
    B12: 'in-progress',
  });
  const other = await courseWith(as.lu, impaired);
  await save(as.lu, other, 'smertereg-b12');
  await saveTo(as.lu, other, { ...notSeen, KognSvekket: '1' }, { id: other.to });
  expect(formStates(await registrationOf(as.lu, other))).toMatchObject({ B12: 'closed', B21: 'not-open' });
});

test('delivered once all open clinician forms are locked, and not delivered again when one is opened', async () => {
  const course = await courseWith(as.lu, { ...notSeen, KognSvekket: '0' });
  await saveTo(as.lu, course, { ...notSeen, KognSvekket: '0' }, { id: course.to, status: 'completed' });
  expect((await registrationOf(as.lu, course)).status).toBe('in-progress');
  const unsure = ['TidligereRus', 'PaagaaRus', 'LAR'].map((linkId) => choice(linkId, 'smertereg-nei-ja-usikker', '0'));
  const form = b11(course, 'kir1');
  const locked = await as.lu.post('QuestionnaireResponse', {
    ...{ ...form, status: 'completed' },
    item: [...(form.item ?? []), ...unsure],
  });
  expect([locked.status, locked.status === 201 ? '' : words(locked)]).toEqual([201, '']);
  const delivered = await registrationOf(as.lu, course);
  expect(delivered.status).toBe('completed');
  const found = await as.lu.search<Task>('Task?code=register-course&status=completed&owner=Organization/haukeland');
  expect(found.map(({ id }) => id)).toContain(delivered.id);
  const to = await as.lc.get<QuestionnaireResponse>(`QuestionnaireResponse/${course.to}`);
  expect((await as.lc.put(`QuestionnaireResponse/${course.to}`, { ...to.body, status: 'in-progress' })).status).toBe(
    200,
  );
  expect((await registrationOf(as.lu, course)).status).toBe('in-progress');
});

test("the consent's state and the membership follow in the same commit", async () => {
  const course = await courseWith(as.lu, eligible);
  expect(outputOf(await registrationOf(as.lu, course), 'consent')).toEqual(['proposed']);
  await saveTo(as.lu, course, consented, { id: course.to });
  const consent = await consentOf(as.admin, course);
  await as.sc.put(`Consent/${consent.id}`, { ...consent, status: 'inactive' });
  const line = await registrationOf(as.lu, course);
  expect([outputOf(line, 'consent'), outputOf(line, 'membership')]).toEqual([
    ['inactive'],
    ['not-registered', 'consent-withdrawn'],
  ]);
});

test("Moving a course to another ward never changes B1.1's `Lokasjon` and `InnlAvd`", async () => {
  const course = await courseWith(as.lu, eligible);
  const saved = await as.lu.post<QuestionnaireResponse>('QuestionnaireResponse', b11(course, 'kir1'));
  expect([saved.status, saved.body]).toEqual([201, expect.anything()]);
  const lies = async () => {
    const line = await registrationOf(as.lu, course);
    return [line.location?.reference, ...outputOf(line, 'ward')];
  };
  expect(await lies()).toEqual(['Location/kir1', 'Organization/kir1']);
  const moved = await as.lu.post<Encounter>('Encounter', stay(course, 'kir2'));
  expect([moved.status, moved.body]).toEqual([201, expect.anything()]);
  expect(await lies()).toEqual(['Location/kir2', 'Organization/kir2']);
  const back = await as.lu.put(`Encounter/${moved.body.id}`, { ...moved.body, ...stay(course, 'kir1') });
  expect(back.status).toBe(200);
  expect(await lies()).toEqual(['Location/kir1', 'Organization/kir1']);
  const after = await as.lu.get<QuestionnaireResponse>(`QuestionnaireResponse/${saved.body.id}`);
  expect(after.body).toEqual(saved.body);
  const here = 'Task?code=register-course&location=Location/kir1&ward=Organization/kir1';
  expect((await as.lu.search<Task>(here)).map(({ focus }) => focus?.reference)).toContain(
    `EpisodeOfCare/${course.episode}`,
  );
});

test('internal comments show in the worklist', async () => {
  const course = await courseWith(as.lu, eligible);
  const form = await save(as.lu, course, 'smertereg-b12');
  expect(outputOf(await registrationOf(as.lu, course), 'internal-comment')).toEqual([]);
  const item = [...(form.body.item ?? []), { linkId: 'IntKom12', answer: [{ valueString: 'Se journal.' }] }];
  const noted = await as.lu.put(`QuestionnaireResponse/${form.body.id}`, { ...form.body, item });
  expect([noted.status, noted.body]).toEqual([200, expect.anything()]);
  expect(outputOf(await registrationOf(as.lu, course), 'internal-comment')).toEqual(['B12']);
});

test("the registration is nobody's to write, and a course that is taken away has none in the worklist", async () => {
  const course = await courseWith(as.lu, eligible);
  const line = await registrationOf(as.admin, course);
  for (const [who, expected] of [
    ['lu', 403],
    ['lc', 403],
    ['sc', 403],
    ['ehr', 422],
  ] as const) {
    const { status } = await as[who].put(`Task/${line.id}`, { ...line, status: 'completed' });
    expect([who, status]).toEqual([who, who === 'sc' ? expect.any(Number) : expected]);
    const { id: _, meta: _meta, ...another } = line;
    const made = await as[who].post('Task', { ...another, status: 'completed' });
    expect(made.status).toBeGreaterThanOrEqual(400);
  }
  expect((await registrationOf(as.admin, course)).status).toBe('in-progress');
  const invented = await as.admin.put(`Task/${line.id}`, { ...line, status: 'completed' });
  expect(invented.status).toBe(200);
  expect((await registrationOf(as.admin, course)).status).toBe('in-progress');
  const { body: episode } = await as.admin.get<EpisodeOfCare>(`EpisodeOfCare/${course.episode}`);
  expect((await as.admin.put(`EpisodeOfCare/${course.episode}`, { ...episode, status: 'cancelled' })).status).toBe(200);
  expect((await registrationOf(as.admin, course)).status).toBe('cancelled');
});

test('a course that nobody has registered is in no worklist', async () => {
  const course = await newCourse(as.ehr);
  expect(await as.admin.search(`Task?focus=EpisodeOfCare/${course.episode}`)).toEqual([]);
});
