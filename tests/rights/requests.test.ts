import type { Bundle, Communication, Observation, Patient, Provenance, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Course } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { call, moveClock, nationalCourse } from './kit.ts';

let server: TestServer;
let client: Rest;
let course: Course;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-03-05T09:00:00+01:00' });
  client = rest(server.base);
  course = await nationalCourse(client);
});

afterAll(() => server.close());

const ask = (right: string, more: Record<string, string> = {}) =>
  call<Task>(client, `Patient/${course.patient}/$request-right`, { right, ...more });
const found = (query: string) => client.search<Task>(`Task?${query}`);
const waiting = async (query = '') => {
  const { body } = await client.get<Bundle<Task>>(`Task/$patient-rights${query}`);
  return (body.entry ?? []).map(({ resource }) => resource?.id);
};

describe('a request of a patient', () => {
  test('is a Task of the hospital with its deadline, found by search, the overdue ones too', async () => {
    const { status, body } = await ask('erasure', { words: 'Jeg vil ikke være med lenger.' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'requested',
      code: { coding: [{ system: 'https://svar.example.org/fhir/CodeSystem/patient-right', code: 'erasure' }] },
      for: { reference: `Patient/${course.patient}` },
      owner: { reference: 'Organization/haukeland' },
      description: 'Jeg vil ikke være med lenger.',
      restriction: { period: { end: '2026-04-05T21:59:59.000Z' } },
    });
    const code = 'code=https://svar.example.org/fhir/CodeSystem/patient-right|';
    expect((await found(`${code}&status=requested`)).map(({ id }) => id)).toContain(body.id);
    expect(await waiting()).toContain(body.id);
    expect(await waiting('?overdue=true')).not.toContain(body.id);
    expect((await found(`${code}&deadline=lt2026-04-06T00:00:00Z`)).map(({ id }) => id)).toContain(body.id);
  });

  test('has its deadline in the calendar of the registry that is to answer', async () => {
    const { body: hospital } = await client.post('Organization', { resourceType: 'Organization', name: 'Sairaala' });
    const { body: plan } = await client.post('PlanDefinition', {
      resourceType: 'PlanDefinition',
      status: 'active',
      extension: [
        { url: 'https://svar.example.org/fhir/StructureDefinition/protocol-time-zone', valueCode: 'Europe/Helsinki' },
      ],
    });
    const owner = `Organization/${hospital.id}`;
    const study = {
      resourceType: 'ResearchStudy',
      status: 'active',
      protocol: [{ reference: `PlanDefinition/${plan.id}` }],
    };
    expect((await client.post('ResearchStudy', { ...study, sponsor: { reference: owner } })).status).toBe(201);
    const { body } = await ask('erasure', { owner });
    expect(body.restriction?.period?.end).toBe('2026-04-05T20:59:59.000Z');
    const longer = await call<Task>(client, `Task/${body.id}/$extend-right`, { reason: 'Mange forløp.' });
    expect(longer.body.restriction?.period?.end).toBe('2026-06-05T20:59:59.000Z');
  });

  test('is extended once, with a reason that the patient is told of', async () => {
    const { body } = await ask('restriction');
    const longer = await call<Task>(client, `Task/${body.id}/$extend-right`, { reason: 'Mange forløp.' });
    expect(longer.body).toMatchObject({
      status: 'in-progress',
      restriction: { period: { end: '2026-06-05T21:59:59.000Z' } },
      note: [{ text: 'Mange forløp.' }],
    });
    const again = await call(client, `Task/${body.id}/$extend-right`, { reason: 'Enda flere.' });
    expect(again.status).toBe(422);
    const told = await client.search<Communication>(`Communication?subject=Patient/${course.patient}`);
    const text = told.map(({ payload }) => payload?.[0]?.contentString).join();
    expect(text).toContain('Logg inn');
    expect(text).not.toContain('Mange forløp');
  });

  test('is refused with a reason, once', async () => {
    const { body } = await ask('erasure');
    const refused = await call<Task>(client, `Task/${body.id}/$refuse-right`, { reason: 'Journalplikt.' });
    expect(refused.body).toMatchObject({ status: 'rejected', statusReason: { text: 'Journalplikt.' } });
    expect((await call(client, `Task/${body.id}/$refuse-right`, { reason: 'Igjen.' })).status).toBe(422);
    expect(await waiting()).not.toContain(body.id);
    expect(await waiting('?all=true')).toContain(body.id);
  });

  test('without a reason, a right that there is not, words without end: nothing is stored', async () => {
    const before = (await found(`patient=Patient/${course.patient}&_count=1000`)).length;
    expect((await ask('everything')).status).toBe(400);
    expect((await ask('rectification')).status).toBe(400);
    expect((await ask('erasure', { words: 'x'.repeat(4001) })).status).toBe(400);
    expect((await ask('erasure', { unknown: 'x' })).status).toBe(400);
    expect((await call(client, `Patient/0000000000000001/$request-right`, { right: 'erasure' })).status).toBe(404);
    expect((await found(`patient=Patient/${course.patient}&_count=1000`)).length).toBe(before);
    const [request] = await found(`patient=Patient/${course.patient}&status=requested&code=erasure`);
    expect((await call(client, `Task/${request?.id}/$refuse-right`)).status).toBe(400);
  });
});

describe('a rectification', () => {
  test('replaces what was wrong, with who and why, and ends the request', async () => {
    const observation: Observation = {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'vekt' },
      subject: { reference: `Patient/${course.patient}` },
      valueQuantity: { value: 700, unit: 'kg' },
    };
    const { body: wrong } = await client.post<Observation>('Observation', observation);
    const about = `Observation/${wrong.id}`;
    const { body: request } = await ask('rectification', { words: 'Jeg veier 70 kg.', about, element: 'value' });
    expect(request.focus).toEqual({ reference: about });
    const amended: Observation = { ...wrong, status: 'corrected', valueQuantity: { value: 70, unit: 'kg' } };

    const stale = { ...amended, meta: { ...wrong.meta, versionId: '7' } };
    expect((await call(client, `Task/${request.id}/$rectify`, { resource: stale })).status).toBe(412);
    const moved = { ...amended, subject: { display: 'en annen' } };
    expect((await call(client, `Task/${request.id}/$rectify`, { resource: moved })).status).toBe(422);
    expect((await call(client, `Task/${request.id}/$rectify`, { resource: { ...amended, id: 'x' } })).status).toBe(422);
    expect((await call(client, `Task/${request.id}/$rectify`, { resource: wrong })).status).toBe(422);

    const done = await call<Task>(client, `Task/${request.id}/$rectify`, { resource: amended });
    expect([done.status, done.body.status]).toEqual([200, 'completed']);
    const { body: now } = await client.get<Observation>(about);
    expect([now.valueQuantity?.value, now.meta?.versionId]).toEqual([70, '2']);
    const [provenance] = await client.search<Provenance>(`Provenance?target=${about}`);
    expect(provenance).toMatchObject({
      target: [{ reference: `${about}/_history/2` }, { reference: `Patient/${course.patient}` }],
      entity: [{ what: { reference: `Task/${request.id}` } }],
    });
    expect((await call(client, `Task/${request.id}/$rectify`, { resource: amended })).status).toBe(422);
  });

  test('is asked of what is in the own record only', async () => {
    const { body: other } = await client.post<Patient>('Patient', { resourceType: 'Patient' });
    const about = `Patient/${other.id}`;
    expect((await ask('rectification', { words: 'Feil navn.', about })).status).toBe(422);
    expect((await ask('rectification', { words: 'Feil.', about: 'Observation/0000000000000001' })).status).toBe(404);
  });
});

test('of more requests at once than may wait, no more are taken', async () => {
  const { patient } = await nationalCourse(client);
  const asked = Array.from({ length: 30 }, () =>
    call(client, `Patient/${patient}/$request-right`, { right: 'access' }),
  );
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(20);
});

test('after its month a request is overdue, and its time is not extended any more', async () => {
  const { body } = await ask('restriction');
  await moveClock(server, client, '2026-04-06T00:00:00+02:00');
  expect(await waiting('?overdue=true')).toContain(body.id);
  expect((await call(client, `Task/${body.id}/$extend-right`, { reason: 'For sent.' })).status).toBe(422);
});
