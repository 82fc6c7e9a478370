import type { Flag } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { call, nationalCourse } from './kit.ts';

let server: TestServer;
let client: Rest;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00', background: false });
  client = rest(server.base);
});

afterAll(() => server.close());

test('of many who restrict a record, reserve or erase at once, one does', async () => {
  const { patient } = await nationalCourse(client);
  const path = `Patient/${patient}`;
  const times = (given: Record<string, string>, code: string) =>
    Promise.all(Array.from({ length: 6 }, () => call(client, `${path}/$${code}`, given))).then((answers) =>
      answers.map(({ status }) => status).sort(),
    );
  expect(await times({ reason: 'x' }, 'restrict')).toEqual([200, 422, 422, 422, 422, 422]);
  expect(await client.search<Flag>(`Flag?patient=${patient}`)).toHaveLength(1);
  expect(await times({}, 'reserve')).toEqual([200, 422, 422, 422, 422, 422]);
  expect(await times({ basis: 'objection', confirm: patient }, 'erase')).toEqual([200, 410, 410, 410, 410, 410]);
});

test('what is written while a patient is erased is either erased too or refused', async () => {
  const { patient } = await nationalCourse(client);
  const observation = {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    subject: { reference: `Patient/${patient}` },
  };
  const list = { resourceType: 'List', status: 'current', mode: 'working' };
  const about = { entry: [{ item: { reference: `Patient/${patient}`, display: 'Testpasient, Syntetisk' } }] };
  const writes: Promise<number>[] = [];
  const writing = (async () => {
    for (let count = 0; count < 60; count += 1) {
      writes.push(client.post('Observation', observation).then(({ status }) => status));
      writes.push(client.post('List', { ...list, ...about }).then(({ status }) => status));
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  })();
  await new Promise((resolve) => setTimeout(resolve, 60));
  const erased = await call(client, `Patient/${patient}/$erase`, { basis: 'objection', confirm: patient });
  expect(erased.status).toBe(200);
  await writing;
  const statuses = new Set(await Promise.all(writes));
  expect([...statuses].sort()).toEqual([201, 422]);
  const { rowCount } = await server.database.pool.query(
    "select 1 from resource where (patient = $1 or strpos(content, 'Testpasient') > 0) and not deleted",
    [BigInt(`0x${patient}`).toString()],
  );
  expect(rowCount).toBe(0);
});
