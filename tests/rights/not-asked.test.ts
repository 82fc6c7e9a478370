import type { Bundle, Consent, Flag, Task } from '@medplum/fhirtypes';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Course } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { call, moveClock, nationalCourse } from './kit.ts';

const SMERTEREG = 'https://svar.example.org/fhir/PlanDefinition/smertereg';

let server: TestServer;
let client: Rest;
let course: Course;

beforeEach(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00' });
  client = rest(server.base);
  course = await nationalCourse(client);
  await server.fhir.runner.drain();
});

afterEach(() => server.close());

const orders = async (): Promise<string[]> =>
  (await client.search<Task>(`Task?patient=Patient/${course.patient}&code=complete-questionnaire`))
    .map(({ businessStatus, statusReason }) =>
      [businessStatus, statusReason].flatMap((concept) => concept?.coding?.[0]?.code ?? []).join(' '),
    )
    .sort();
const asked = (code: string, given: Record<string, string> = {}) =>
  call(client, `Patient/${course.patient}/$${code}`, given);

describe('a reservation against surveys', () => {
  test('stops open orders in its own commit, keeps the registry from asking, and is undone as easily', async () => {
    expect(await orders()).toEqual(['ordered', 'ordered', 'planned', 'planned']);
    const { status, body } = await call<Consent>(client, `Patient/${course.patient}/$reserve`, { registry: SMERTEREG });
    expect([status, body.status, body.provision?.type]).toEqual([200, 'active', 'deny']);
    const stopped = ['stopped reservation', 'stopped reservation'];
    expect(await orders()).toEqual([...stopped, ...stopped]);
    await moveClock(server, client, '2026-03-03T17:00:00+01:00');
    expect(await orders()).toEqual([...stopped, ...stopped]);
    expect(server.sent).toEqual([]);
    // it keeps its place in the registry
    const subjects = await client.search(`ResearchSubject?patient=Patient/${course.patient}&status=on-study`);
    expect(subjects).toHaveLength(1);
    expect((await asked('reserve', { registry: SMERTEREG })).status).toBe(422);

    expect((await asked('lift-reservation', { registry: SMERTEREG })).status).toBe(200);
    await server.fhir.runner.drain();
    expect(await orders()).toEqual(['ordered', 'ordered', 'planned', 'planned', ...stopped]);
    await moveClock(server, client, '2026-03-04T17:00:00+01:00');
    expect(server.sent).toHaveLength(2);
  });

  test('of another registry stops nothing; one of all registries stops all, orders made by hand too', async () => {
    const plan = { resourceType: 'PlanDefinition', status: 'active', url: 'https://example.org/PlanDefinition/annet' };
    await client.post('PlanDefinition', plan);
    expect((await asked('reserve', { registry: plan.url })).status).toBe(200);
    expect(await orders()).toEqual(['ordered', 'ordered', 'planned', 'planned']);
    const [task] = await client.search<Task>(
      `Task?patient=Patient/${course.patient}&code=complete-questionnaire&status=requested`,
    );
    const byHand = { ...task, id: undefined, identifier: undefined, instantiatesUri: undefined };
    expect((await client.post('Task', byHand)).status).toBe(201);
    expect((await asked('reserve')).status).toBe(200);
    expect(new Set(await orders())).toEqual(new Set(['stopped reservation']));
  });

  test('is refused of a registry that there is not, and lifted only where there is one', async () => {
    expect((await asked('reserve', { registry: 'https://example.org/nothing' })).status).toBe(422);
    expect((await asked('lift-reservation')).status).toBe(422);
    expect(await orders()).toEqual(['ordered', 'ordered', 'planned', 'planned']);
  });
});

describe('a restriction', () => {
  test('stops orders and reminders, and ends the request for it; once lifted the patient is asked again', async () => {
    await moveClock(server, client, '2026-03-02T17:00:00+01:00');
    const { length: sent } = server.sent;
    expect(sent).toBeGreaterThan(0);
    const { body: request } = await call<Task>(client, `Patient/${course.patient}/$request-right`, {
      right: 'restriction',
    });
    const { status, body } = await call<Flag>(client, `Patient/${course.patient}/$restrict`, { reason: 'Bestrides.' });
    expect([status, body.status, body.code.text]).toEqual([200, 'active', 'Bestrides.']);
    expect((await client.get<Task>(`Task/${request.id}`)).body.status).toBe('completed');
    expect(await orders()).toEqual(Array(4).fill('stopped restriction'));
    const { rows } = await server.database.pool.query('select patient from restriction');
    expect(rows).toEqual([{ patient: BigInt(`0x${course.patient}`).toString() }]);
    expect((await asked('restrict', { reason: 'Igjen.' })).status).toBe(422);
    expect((await asked('restrict')).status).toBe(400);
    await moveClock(server, client, '2026-03-12T17:00:00+01:00');
    expect(server.sent.filter(({ text }) => !text.includes('henvendelse'))).toHaveLength(sent);

    expect((await asked('lift-restriction', { reason: 'Avklart.' })).status).toBe(200);
    expect((await server.database.pool.query('select 1 from restriction')).rowCount).toBe(0);
    await server.fhir.runner.drain();
    expect((await orders()).filter((order) => order === 'ordered')).toHaveLength(2);
    expect((await asked('lift-restriction', { reason: 'Avklart.' })).status).toBe(422);
    const { body: provenances } = await client.get<Bundle>(`Provenance?target=Flag/${body.id}`);
    expect(provenances.entry).toHaveLength(2);
  });
});
