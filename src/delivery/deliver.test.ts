import type { Communication, Patient, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from '../../tests/kit/fhir-server.ts';
import { type Rest, rest } from '../../tests/kit/rest.ts';

let server: TestServer;
let client: Rest;
let patient: { reference: string };

beforeAll(async () => {
  server = await testServer({ packages: false, background: false });
  client = rest(server.base);
  const { body } = await client.post<Patient>('Patient', { resourceType: 'Patient' });
  patient = { reference: `Patient/${body.id}` };
});

afterAll(() => server.close());

/** What a notice of an order in a state came to, and whether the channel carried it. */
async function noticeOf(order: Pick<Task, 'status'> | undefined): Promise<[string | undefined, boolean]> {
  const task = order && (await client.post('Task', { resourceType: 'Task', intent: 'order', for: patient, ...order }));
  const { body: notice } = await client.post<Communication>('Communication', {
    resourceType: 'Communication',
    status: 'in-progress',
    category: [{ coding: [{ system: 'https://svar.example.org/fhir/CodeSystem/notice-kind', code: 'notice' }] }],
    ...(task && { basedOn: [{ reference: `Task/${task.body.id}` }] }),
    recipient: [patient],
    payload: [{ contentString: 'Et skjema venter.' }],
  });
  await server.fhir.runner.drain();
  const { body } = await client.get<Communication>(`Communication/${notice.id}`);
  const carried = server.sent.some(({ idempotencyKey }) => idempotencyKey === `Communication/${notice.id}`);
  return [body.status, carried];
}

test('the notice of an open order, or of none, is carried', async () => {
  expect(await noticeOf({ status: 'requested' })).toEqual(['completed', true]);
  expect(await noticeOf(undefined)).toEqual(['completed', true]);
});

test('a notice whose order has ended in the meantime (consent withdrawn, form answered) is not carried any more', async () => {
  expect(await noticeOf({ status: 'cancelled' })).toEqual(['stopped', false]);
  expect(await noticeOf({ status: 'completed' })).toEqual(['stopped', false]);
});
