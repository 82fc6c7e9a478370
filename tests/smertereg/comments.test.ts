import type { Binary, OperationOutcome, Parameters, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Course, date, refer, response, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import { signedInAs } from '../kit/sign-in.ts';
import { call, moveClock, restAs, syntheticNumber } from '../rights/kit.ts';
import { everybody, type Who } from './course-kit.ts';

const FORM = 'https://svar.example.org/fhir/Questionnaire';
/** A word that stands nowhere else. */
const COMMENT = 'Kvikksølvkommentar';
/** Each form that staff fill in, with its comment, and an answer without which it cannot be saved. */
const FORMS = [
  ['smertereg-po', 'IntKomPO'],
  ['smertereg-to', 'IntKomTO'],
  ['smertereg-b11', 'IntKom11'],
  ['smertereg-b12', 'IntKom12'],
  ['smertereg-b21', 'IntKom21'],
  ['smertereg-b22', 'IntKom22'],
] as const;

let server: TestServer;
let as: Readonly<Record<Who, Rest>>;
const courses: Course[] = [];

beforeAll(async () => {
  server = await testServer({ identity: true, testClock: '2026-03-02T08:00:00+01:00', background: false });
  as = await everybody(server);
  for (let index = 1; index <= 8; index += 1) courses.push(await commented(index));
});

afterAll(() => server.close());

/** A national course with a comment in every clinician form and at every order. */
async function commented(index: number): Promise<Course> {
  const course = await refer(as.ehr, { fnr: syntheticNumber(index) });
  for (const [form, linkId] of FORMS) {
    const comment = { linkId, answer: [{ valueString: `${COMMENT} ${form}` }] };
    const items = { 'smertereg-to': toItems(consented), 'smertereg-b11': [date('RegDato11', '2026-03-02')] };
    const item = [...(items[form as keyof typeof items] ?? []), comment];
    const saved = response(course, form, 'in-progress', item, '2026-03-02T09:00:00+01:00');
    const { status, body } = await as.lu.post('QuestionnaireResponse', saved);
    expect([form, status, words(body)]).toEqual([form, 201, '']);
  }
  for (const task of await orders(course)) {
    const { status, body } = await as.lu.put(`Task/${task.id}`, { ...task, note: [{ text: `${COMMENT} ordre` }] });
    expect([status, words(body)]).toEqual([200, '']);
  }
  return course;
}

const consented = {
  ...{ Tilsett: '1', Norsktalende: '1', KognSvekket: '0', SkriftligSamtyk: '1', DatoSamtykke: '2026-03-02' },
} as const;

const words = (body: unknown): string =>
  ((body as OperationOutcome).issue ?? [])
    .filter(({ severity }) => severity === 'error')
    .map(({ diagnostics }) => diagnostics)
    .join();

const orders = (course: Course): Promise<Task[]> =>
  as.lu.search<Task>(`Task?patient=${course.patient}&code=complete-questionnaire`);

test('Internal comments on every form: those of clinicians, and the orders of the patient’s', async () => {
  const [course] = courses;
  const forms = await as.lc.search<QuestionnaireResponse>(`QuestionnaireResponse?patient=${course?.patient}`);
  expect(forms.filter((form) => JSON.stringify(form).includes(COMMENT))).toHaveLength(FORMS.length);
  const tasks = await orders(course as Course);
  expect(tasks.map(({ note }) => note?.[0]?.text)).toEqual(Array(4).fill(`${COMMENT} ordre`));
});

test('Internal comments are never exported: no extract holds them, though they are asked for by name', async () => {
  const { body: practitioner } = await as.admin.post('Practitioner', { resourceType: 'Practitioner' });
  const fhirUser = `Practitioner/${practitioner.id}`;
  const { body: role } = await as.admin.post('PractitionerRole', {
    ...{ resourceType: 'PractitionerRole', active: true, practitioner: { reference: fhirUser } },
    code: [{ coding: [{ system: 'https://svar.example.org/fhir/CodeSystem/role', code: 'researcher' }] }],
  });
  const researcher = restAs(server.base, await signedInAs(server, { fhirUser, role: role.id }));
  for (const [form, linkId] of [...FORMS, ['hads', 'note'] as const]) {
    const { body: project } = await as.admin.post('ResearchStudy', {
      ...{ resourceType: 'ResearchStudy', status: 'active', title: form },
      principalInvestigator: { reference: fhirUser },
    });
    const path = `ResearchStudy/${project.id}`;
    const given = {
      registry: 'https://svar.example.org/fhir/PlanDefinition/smertereg',
      ...{ form: `${FORM}/${form}`, dates: 'month', until: '2026-12-31' },
    };
    const byName = await call(as.sc, `${path}/$approve-extract`, { ...given, variable: `${form}.${linkId}` });
    const whole = byName.status === 200 ? byName : await call(as.sc, `${path}/$approve-extract`, given);
    expect([form, whole.status, words(whole.body)]).toEqual([form, 200, '']);
    for (const client of [as.sc, researcher, as.admin]) {
      const { status, body } = await client.get<Parameters>(`${path}/$draw-extract`);
      const texts = (body.parameter ?? []).flatMap(({ resource }) =>
        resource?.resourceType === 'Binary' ? Buffer.from((resource as Binary).data ?? '', 'base64').toString() : [],
      );
      const rows = body.parameter?.find(({ name }) => name === 'rows')?.valueInteger;
      expect([form, status, words(body), rows]).toEqual([form, 200, '', courses.length]);
      for (const text of [...texts, JSON.stringify(body)]) {
        expect(text).not.toContain(COMMENT);
        expect(text).not.toContain(linkId === 'note' ? 'Task' : linkId);
      }
    }
  }
});

test('Internal comments are never exported: no notice to the patient holds them', async () => {
  await moveClock(server, as.admin, '2026-03-06T17:00:00+01:00');
  expect(server.sent.length).toBeGreaterThan(0);
  expect(JSON.stringify(server.sent)).not.toContain(COMMENT);
});
