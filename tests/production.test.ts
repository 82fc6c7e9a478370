import type { OperationOutcome, Questionnaire, Task } from '@medplum/fhirtypes';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readWording } from '../src/forms/text/read-wording.ts';
import { loadWording } from '../src/server/load-wording.ts';
import { type Course, refer, response, toItems } from './kit/course.ts';
import { type TestServer, testServer } from './kit/fhir-server.ts';
import { nonsenseWording } from './kit/nonsense-wording.ts';
import { type Rest, rest } from './kit/rest.ts';

const form = 'https://svar.example.org/fhir/Questionnaire';
const statuses = 'https://svar.example.org/fhir/CodeSystem/order-status';

let server: TestServer;
let client: Rest;
let course: Course;

beforeEach(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00', background: false, production: true });
  client = rest(server.base);
  course = await refer(client);
});

afterEach(() => server.close());

async function load(until: string | null): Promise<number> {
  const { body } = await client.get<Questionnaire>('Questionnaire/hads');
  const { orders } = await loadWording(server.fhir, readWording({ ...nonsenseWording(body, 'nb', until) }));
  await server.fhir.runner.drain();
  return orders;
}

const ordersOfHads = (): Promise<Task[]> =>
  client.search<Task>(`Task?patient=Patient/${course.patient}&questionnaire=${form}/hads&_sort=_lastUpdated`);
const told = (orders: readonly Task[]): string[] =>
  orders.map(({ businessStatus, statusReason }) =>
    [businessStatus, statusReason].map((concept) => concept?.coding?.[0]?.code).join(' '),
  );

it('a course’s form is refused until its wording is there, and then ordered', async () => {
  const answers = {
    ...{ Tilsett: '1', Norsktalende: '1', KognSvekket: '0', SkriftligSamtyk: '1', DatoSamtykke: '2026-03-02' },
  };
  const to = response(course, 'smertereg-to', 'completed', toItems(answers), '2026-03-02T08:00:00+01:00');
  expect((await client.post('QuestionnaireResponse', to)).status).toBe(201);
  await server.fhir.runner.drain();
  expect(told(await ordersOfHads())).toEqual(['refused wording-missing']);
  expect(await client.search<Task>(`Task?business-status=${statuses}|ordered`)).toHaveLength(1);

  expect(await load('2026-03-01')).toBe(1);
  expect(told(await ordersOfHads())).toEqual(['refused wording-missing']);
  expect(await load('2026-03-31')).toBe(1);
  expect(told(await ordersOfHads())).toEqual(['refused wording-missing', 'ordered ']);
  await server.fhir.advance(new Date('2026-03-02T17:00:00+01:00'));
  expect(told(await ordersOfHads())).toEqual(['refused wording-missing', 'sent ']);
});

it('an order that is posted is answered with 422 and the reason until the wording is there', async () => {
  const order = (name: string, status: Task['status'] = 'requested'): Task => ({
    resourceType: 'Task',
    status,
    intent: 'order',
    code: { coding: [{ system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/temp', code: 'complete-questionnaire' }] },
    for: { reference: `Patient/${course.patient}` },
    input: [
      {
        type: { coding: [{ system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/temp', code: 'questionnaire' }] },
        valueCanonical: `${form}/${name}|1.0.0`,
      },
    ],
  });
  const refusal = async (): Promise<unknown> => {
    const { status, body } = await client.post<OperationOutcome>('Task', order('hads'));
    return [status, body.issue?.[0]?.expression, body.issue?.[0]?.diagnostics];
  };
  const at = ['Task.input[0].valueCanonical'];
  expect(await refusal()).toEqual([422, at, expect.stringContaining('placeholders')]);
  expect((await client.post('Task', order('pgic'))).status).toBe(201);
  expect((await client.post('Task', order('hads', 'completed'))).status).toBe(201);
  await load('2026-02-28');
  expect(await refusal()).toEqual([422, at, expect.stringContaining('licence has run out')]);
  await load(null);
  expect((await client.post('Task', order('hads'))).status).toBe(201);
});
