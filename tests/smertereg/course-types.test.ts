import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { b22Items, date, refer, response, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import { syntheticNumber } from '../rights/kit.ts';
import {
  consented,
  courseWith,
  eligible,
  everybody,
  type Form,
  formStates,
  impaired,
  newCourse,
  notSeen,
  orders,
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
});

afterAll(() => server.close());

const FORMS: readonly Form[] = ['smertereg-b11', 'smertereg-b12', 'smertereg-b21', 'smertereg-b22', 'hads'];
const NOT_OPEN = 'is not open in this course';

/** Which forms LU can save in a course. */
async function open(course: Awaited<ReturnType<typeof newCourse>>): Promise<string[]> {
  const found: string[] = [];
  for (const form of FORMS) {
    const answer = await save(as.lu, course, form);
    if (answer.status === 201) found.push(form.replace('smertereg-', ''));
    else expect([form, answer.status, words(answer)]).toEqual([form, 422, expect.stringContaining(NOT_OPEN)]);
  }
  return found;
}

describe('Course types 1, 2 and 3 open exactly the forms that the manual says', () => {
  test('before TO is saved, and while it does not say whether the patient was seen: TO and B1.1', async () => {
    expect(await open(await newCourse(as.ehr))).toEqual(['b11']);
    expect(await open(await courseWith(as.lu, { Norsktalende: '1' }))).toEqual(['b11']);
  });

  test.each(['2', '3', '4', '5'])('type 1, not seen (%s): TO and B1.1', async (Tilsett) => {
    const course = await courseWith(as.lu, { ...notSeen, Tilsett });
    expect(await open(course)).toEqual(['b11']);
    expect((await registrationOf(as.lu, course)).businessStatus?.coding?.[0]?.code).toBe('1');
    expect(await orders(as.lu, course)).toEqual([]);
  });

  test.each([
    ['a criterion fails', impaired],
    ['a criterion is unanswered', { ...eligible, KognSvekket: undefined }],
  ])('type 2, seen, but %s: TO and all forms of the clinician', async (_, answers) => {
    const course = await courseWith(as.lu, answers);
    expect(await open(course)).toEqual(['b11', 'b12', 'b21', 'b22']);
    expect((await registrationOf(as.lu, course)).businessStatus?.coding?.[0]?.code).toBe('2');
    expect(await orders(as.lu, course)).toEqual([]);
  });

  test('type 3, seen and eligible: all of these and all forms of the patient', async () => {
    const course = await courseWith(as.lu, consented);
    expect(await open(course)).toEqual(['b11', 'b12', 'b21', 'b22', 'hads']);
    expect((await registrationOf(as.lu, course)).businessStatus?.coding?.[0]?.code).toBe('3');
    expect((await orders(as.lu, course)).map((order) => order.split(' ')[0])).toEqual([
      'eval',
      'hads',
      'opioid',
      'pasreg',
    ]);
  });

  test('Patient forms appear as soon as the patient is seen and eligible, as "no consent"', async () => {
    const course = await courseWith(as.lu, eligible);
    expect(await orders(as.lu, course)).toEqual([
      'eval withheld',
      'hads withheld',
      'opioid withheld',
      'pasreg withheld',
    ]);
  });
});

test('they follow a saved, not yet locked TO', async () => {
  const course = await courseWith(as.lu, notSeen);
  expect((await save(as.lu, course, 'smertereg-b12')).status).toBe(422);
  await saveTo(as.lu, course, eligible, { id: course.to });
  expect((await save(as.lu, course, 'smertereg-b12')).status).toBe(201);
  const { body } = await saveTo(as.lu, course, notSeen, { id: course.to });
  expect(body.status).toBe('in-progress');
  expect((await save(as.lu, course, 'smertereg-b21')).status).toBe(422);
});

test('they follow a TO that is saved in the same transaction', async () => {
  const course = await newCourse(as.ehr);
  const at = '2026-03-02T09:00:00+01:00';
  const { body } = await saveTo(as.lu, course, notSeen);
  const to = { ...body, item: toItems(eligible) };
  const b12 = response(course, 'smertereg-b12', 'in-progress', [date('Regdato12', '2026-03-02')], at);
  const answer = await as.lu.post('', {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      { resource: b12, request: { method: 'POST', url: 'QuestionnaireResponse' } },
      { resource: to, request: { method: 'PUT', url: `QuestionnaireResponse/${to.id}` } },
    ],
  });
  expect([answer.status, answer.status === 200 ? '' : words(answer)]).toEqual([200, '']);
});

test('what was filled in a form now closed is kept but does not count', async () => {
  const course = await courseWith(as.lu, consented);
  const b22 = await save(as.lu, course, 'smertereg-b22');
  const end = async () => (await registrationOf(as.lu, course)).executionPeriod?.end;
  expect([formStates(await registrationOf(as.lu, course)).B22, await end()]).toEqual(['in-progress', '2026-03-09']);

  await saveTo(as.lu, course, { ...notSeen, KognSvekket: '0' }, { id: course.to });
  expect([formStates(await registrationOf(as.lu, course)).B22, await end()]).toEqual(['closed', undefined]);
  const kept = await as.lu.get<QuestionnaireResponse>(`QuestionnaireResponse/${b22.body.id}`);
  expect(kept.body).toEqual(b22.body);
  const other = { ...b22.body, item: [date('SluttDato', '2026-03-10')] };
  const changed = await as.lu.put(`QuestionnaireResponse/${b22.body.id}`, other);
  expect([changed.status, words(changed)]).toEqual([422, expect.stringContaining('B22')]);

  await saveTo(as.lu, course, eligible, { id: course.to });
  expect([formStates(await registrationOf(as.lu, course)).B22, await end()]).toEqual(['in-progress', '2026-03-09']);
});

test('a form locked and then closed orders nothing', async () => {
  const course = await courseWith(as.lu, impaired);
  const { body } = await save(as.lu, course, 'smertereg-b22');
  await saveTo(as.lu, course, notSeen, { id: course.to });
  const locked = await as.admin.put(`QuestionnaireResponse/${body.id}`, {
    ...{ ...body, status: 'completed' },
    item: b22Items('2026-03-09'),
  });
  expect([locked.status, locked.status === 200 ? '' : words(locked)]).toEqual([200, '']);
  await server.fhir.runner.drain();
  expect(await orders(as.lu, course)).toEqual([]);
  expect(formStates(await registrationOf(as.lu, course)).B22).toBe('closed');
});

test('a system that may do everything, as a historic load does, and a course without a registry are not bound by it', async () => {
  const course = await courseWith(as.lu, notSeen);
  expect((await save(as.ehr, course, 'smertereg-b12')).status).toBe(422);
  expect((await save(as.admin, course, 'smertereg-b12')).status).toBe(201);
  await as.admin.put('Organization/nowhere', { resourceType: 'Organization', id: 'nowhere', name: 'No registry' });
  const elsewhere = await refer(as.admin, { hospital: 'nowhere', fnr: syntheticNumber(99) });
  expect((await save(as.admin, elsewhere, 'smertereg-b12')).status).toBe(201);
});
