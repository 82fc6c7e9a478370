import type { Bundle, Patient, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from '../../tests/kit/fhir-server.ts';
import { type Rest, rest } from '../../tests/kit/rest.ts';

/** Two servers on one database: what one process could settle in its memory, two cannot. */
let first: TestServer;
let second: TestServer;
let clients: readonly Rest[];

beforeAll(async () => {
  first = await testServer({ packages: false });
  second = await testServer({ packages: false, database: first.database });
  clients = [rest(first.base), rest(second.base)];
});

afterAll(async () => {
  await second.close();
  await first.close();
});

const observation = (fields: object = {}): object => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  ...fields,
});

/** The same request many times at once, to both servers in turn. @returns how often each status came */
async function race(times: number, ask: (client: Rest, i: number) => Promise<{ status: number }>) {
  const answers = await Promise.all(Array.from({ length: times }, (_, i) => ask(clients[i % 2] as Rest, i)));
  return Object.fromEntries(
    [...Map.groupBy(answers, ({ status }) => status)].map(([status, same]) => [status, same.length]),
  );
}

const versions = async (path: string): Promise<number[]> => {
  const { body } = await (clients[0] as Rest).get<Bundle>(`${path}/_history?_count=200`);
  return (body.entry ?? []).map((entry) => Number(entry.resource?.meta?.versionId)).reverse();
};

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

async function created<R extends Resource>(resource: object): Promise<R> {
  const { status, body } = await (clients[0] as Rest).post<R>((resource as Resource).resourceType, resource);
  expect(status).toBe(201);
  return body;
}

test('of twenty conditional creates at once exactly one creates', async () => {
  const body = observation({ identifier: [{ system: 'urn:race', value: 'one' }] });
  const criteria = { 'if-none-exist': 'identifier=urn:race|one' };
  expect(await race(20, (client) => client.post('Observation', body, criteria))).toEqual({ 200: 19, 201: 1 });
  expect(await clients[0]?.search('Observation?identifier=urn:race|one')).toHaveLength(1);
});

test('conditional creates within transactions and without meet in the same lock', async () => {
  const resource = observation({ identifier: [{ system: 'urn:race', value: 'two' }] });
  const criteria = 'identifier=urn:race|two';
  const bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ resource, request: { method: 'POST', url: 'Observation', ifNoneExist: criteria } }],
  };
  await race(20, (client, i) =>
    i % 4 < 2 ? client.post('', bundle) : client.post('Observation', resource, { 'if-none-exist': criteria }),
  );
  expect(await clients[0]?.search(`Observation?${criteria}`)).toHaveLength(1);
});

test('conditional updates at once create one and update it', async () => {
  const body = observation({ identifier: [{ system: 'urn:race', value: 'three' }] });
  const put = (client: Rest, i: number) =>
    client.put('Observation?identifier=urn:race|three', { ...body, note: [{ text: `${i}` }] });
  expect(await race(12, put)).toEqual({ 200: 11, 201: 1 });
  const [only, ...more] = (await clients[0]?.search('Observation?identifier=urn:race|three')) ?? [];
  expect(more).toEqual([]);
  expect(await versions(`Observation/${only?.id}`)).toEqual(upTo(12));
});

test('of twenty updates with the same If-Match exactly one wins', async () => {
  const { id } = await created(observation());
  const put = (client: Rest, i: number) =>
    client.put(`Observation/${id}`, observation({ id, note: [{ text: `${i}` }] }), { 'if-match': 'W/"1"' });
  expect(await race(20, put)).toEqual({ 200: 1, 412: 19 });
  expect(await versions(`Observation/${id}`)).toEqual([1, 2]);
});

test('of creates by PUT with the same id one creates, the others update', async () => {
  const put = (client: Rest, i: number) =>
    client.put('Observation/raced', observation({ id: 'raced', note: [{ text: `${i}` }] }));
  const statuses = await race(20, put);
  expect(statuses[201]).toBe(1);
  expect(Object.keys(statuses).every((status) => ['200', '201', '409'].includes(status))).toBe(true);
  expect(await versions('Observation/raced')).toEqual(upTo(1 + (statuses[200] ?? 0)));
});

test.each(['raced-patient', '0123456789abcdef'])(
  'a patient created at once as %s, which bots care about',
  async (id) => {
    const statuses = await race(10, (client, i) =>
      client.put(`Patient/${id}`, { resourceType: 'Patient', id, name: [{ family: `f${i}` }] }),
    );
    expect(statuses[201]).toBe(1);
    expect(await versions(`Patient/${id}`)).toEqual(upTo(1 + (statuses[200] ?? 0)));
    expect(await clients[0]?.search(`Patient?_id=${id}`)).toHaveLength(1);
  },
);

test('no patch is lost that was acknowledged', async () => {
  const { id } = await created(observation({ note: [{ text: 'first' }] }));
  const headers = { 'content-type': 'application/json-patch+json' };
  const statuses = await race(20, (client, i) =>
    client.send('PATCH', `Observation/${id}`, [{ op: 'add', path: '/note/-', value: { text: `${i}` } }], headers),
  );
  const { body } = await (clients[0] as Rest).get<{ note: unknown[] }>(`Observation/${id}`);
  expect(body.note).toHaveLength(1 + (statuses[200] ?? 0));
  expect(statuses[200]).toBeGreaterThanOrEqual(10);
});

test('transactions on the same resources in different order lose no update and leave none half done', async () => {
  const ids = await Promise.all([0, 1, 2].map(async () => (await created(observation())).id));
  const add = (id: string | undefined, text: string) => ({
    resource: {
      resourceType: 'Binary',
      contentType: 'application/json-patch+json',
      data: Buffer.from(JSON.stringify([{ op: 'add', path: '/identifier', value: [{ value: text }] }])).toString(
        'base64',
      ),
    },
    request: { method: 'PATCH', url: `Observation/${id}` },
  });
  const statuses = await race(12, (client, i) => {
    const order = i % 2 === 0 ? ids : [...ids].reverse();
    return client.post('', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: order.map((id) => add(id, `${i}`)),
    });
  });
  const done = statuses[200] ?? 0;
  expect(done).toBeGreaterThanOrEqual(1);
  const last = new Set<string>();
  for (const id of ids) {
    expect(await versions(`Observation/${id}`)).toEqual(upTo(1 + done));
    const { body } = await (clients[0] as Rest).get<{ identifier: { value: string }[] }>(`Observation/${id}`);
    last.add(body.identifier[0]?.value ?? '');
  }
  expect(last.size).toBe(1);
});

test('a deletion and a reference at the same time: never is a reference left that leads nowhere', async () => {
  for (let round = 0; round < 15; round += 1) {
    const { id } = await created<Patient>({ resourceType: 'Patient' });
    const referring = observation({ subject: { reference: `Patient/${id}` } });
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ resource: referring, request: { method: 'POST', url: 'Observation' } }],
    };
    const [deleted, ...written] = await Promise.all([
      clients[round % 2]?.send('DELETE', `Patient/${id}`),
      clients[0]?.post('Observation', referring),
      clients[1]?.post('Observation', referring),
      clients[1]?.post('', bundle),
    ]);
    const stored = written.filter((answer) => answer !== undefined && answer.status < 300).length;
    expect(written.map((answer) => answer?.status).every((status) => [200, 201, 422].includes(status ?? 0))).toBe(true);
    expect(deleted?.status).toBe(stored > 0 ? 409 : 204);
    const { status } = await (clients[0] as Rest).get(`Patient/${id}`);
    expect(status).toBe(stored > 0 ? 200 : 410);
  }
});
