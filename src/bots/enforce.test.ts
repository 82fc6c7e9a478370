import { setTimeout as sleep } from 'node:timers/promises';
import { badRequest, type MedplumClient, OperationOutcomeError } from '@medplum/core';
import type { Basic, Bundle, OperationOutcome, Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestServer, testServer } from '../../tests/kit/fhir-server.ts';
import { type Reply, type Rest, rest } from '../../tests/kit/rest.ts';
import type { Bot, Handler } from './bot.ts';

let server: TestServer;
let client: Rest;
/** What the bot under test does; every Basic concerns it. */
let judge: Handler;
let judged: Basic[];
/** What the second bot does, which cares for every Flag. */
let second: Handler;

const bots: Bot[] = [
  {
    declaration: { name: 'judge', kind: 'enforce', trigger: ['Basic'], interactions: ['create', 'update', 'delete'] },
    handler: (medplum, event) => {
      judged.push(event.input as Basic);
      return judge(medplum, event);
    },
  },
  { declaration: { name: 'second', kind: 'enforce', trigger: ['Flag'] }, handler: (m, event) => second(m, event) },
];

beforeAll(async () => {
  server = await testServer({ packages: false, bots });
  client = rest(server.base);
});

beforeEach(() => {
  judged = [];
  judge = async () => undefined;
  second = async () => undefined;
});

afterAll(() => server.close());

const basic = (text: string) => ({ resourceType: 'Basic', code: { text }, identifier: [{ value: text }] });
const organization = (name: string) => ({ resourceType: 'Organization' as const, name });
const count = async (search: string): Promise<number> => (await client.search(search)).length;
const diagnostics = ({ body }: Reply<unknown>): string =>
  ((body as OperationOutcome).issue ?? []).map((issue) => issue.diagnostics).join();

const refuse = (text: string): never => {
  throw new OperationOutcomeError(badRequest(text));
};

test('sees the write before it is committed, and what it writes is committed with it', async () => {
  let outside: number | undefined;
  judge = async (medplum) => {
    const [found] = await medplum.searchResources('Basic', 'identifier=joined');
    outside = await count('Basic?identifier=joined');
    await medplum.createResource({ ...organization(`because of ${found?.id}`) });
  };
  const { status, body } = await client.post<Basic>('Basic', basic('joined'));
  expect([status, outside]).toEqual([201, 0]);
  expect(judged[0]?.id).toBe(body.id);
  expect(await count(`Organization?name=because of ${body.id}`)).toBe(1);
});

test('refuses by an OperationOutcome: nothing of the write, of its own writes or of a transaction is left', async () => {
  judge = async (medplum) => {
    await medplum.createResource(organization('refused'));
    refuse('This is not wanted.');
  };
  const single = await client.post('Basic', basic('refused'));
  expect([single.status, diagnostics(single)]).toEqual([422, expect.stringContaining('This is not wanted.')]);
  const bundle = await client.post('', {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      { resource: organization('refused'), request: { method: 'POST', url: 'Organization' } },
      { resource: basic('refused'), request: { method: 'POST', url: 'Basic' } },
    ],
  });
  expect(bundle.status).toBe(422);
  expect([await count('Basic?identifier=refused'), await count('Organization?name=refused')]).toEqual([0, 0]);
});

test('hears of updates and deletions, and may refuse those', async () => {
  const { body } = await client.post<Basic>('Basic', basic('kept'));
  judge = async () => refuse('Nothing changes here.');
  expect((await client.put(`Basic/${body.id}`, { ...basic('changed'), id: body.id })).status).toBe(422);
  expect((await client.send('DELETE', `Basic/${body.id}`)).status).toBe(422);
  expect((await client.get<Basic>(`Basic/${body.id}`)).body).toEqual(body);
  expect(judged.map(({ code }) => code.text)).toEqual(['kept', 'changed', 'kept']);
});

test('a failure of its own is a failure of the server, and stores nothing', async () => {
  judge = async () => {
    throw new TypeError('a fault of the bot');
  };
  expect((await client.post('Basic', basic('broken'))).status).toBe(500);
  expect(await count('Basic?identifier=broken')).toBe(0);
});

test('a bot that hangs is given two seconds; then nothing is stored, and it cannot write any more', async () => {
  let late: Promise<unknown> | undefined;
  judge = async (medplum) => {
    late = sleep(2500).then(() => medplum.createResource(organization('late')));
    await late.catch(() => undefined);
  };
  const started = performance.now();
  const { status } = await client.post('Basic', basic('hung'));
  expect(status).toBe(503);
  expect(performance.now() - started).toBeLessThan(2500);
  await expect(late).rejects.toThrow();
  expect([await count('Basic?identifier=hung'), await count('Organization?name=late')]).toEqual([0, 0]);
  judge = async () => undefined;
  expect((await client.post('Basic', basic('hung'))).status).toBe(201);
});

test('a bot that goes on in the background after it has answered cannot write any more', async () => {
  let late: Promise<unknown> | undefined;
  judge = async (medplum) => {
    late = sleep(100).then(() => medplum.createResource(organization('afterwards')));
  };
  expect((await client.post('Basic', basic('hasty'))).status).toBe(201);
  await expect(late).rejects.toThrow();
  expect(await count('Organization?name=afterwards')).toBe(0);
});

test('is not called for its own writes, but others are, and their refusal is its own to answer', async () => {
  judge = async (medplum) => {
    await medplum.createResource<Basic>(basic('own') as Basic);
    await medplum.createResource({ ...flag('unwanted') }).catch(() => medplum.createResource(flag('wanted')));
  };
  second = async (_medplum, event) => {
    if ((event.input as { code?: { text?: string } }).code?.text === 'unwanted') {
      refuse('no such flag');
    }
  };
  expect((await client.post('Basic', basic('outer'))).status).toBe(201);
  expect(judged).toHaveLength(1);
  expect(await count('Basic?identifier=own')).toBe(1);
  const flags = await client.search<never>('Flag');
  expect(flags.map((one: { code: { text: string } }) => one.code.text)).toEqual(['wanted']);
});

const subject = 'Patient/flagged';

function flag(text: string) {
  return { resourceType: 'Flag' as const, status: 'active' as const, code: { text }, subject: { reference: subject } };
}

beforeAll(async () => {
  await client.put(subject, { resourceType: 'Patient', id: 'flagged' });
});

test('a refused write of a bot that goes on leaves nothing behind', async () => {
  const patient = await client.post<Patient>('Patient', { resourceType: 'Patient' });
  const { id } = patient.body;
  await client.post('Observation', {
    ...{ resourceType: 'Observation', status: 'final', code: { text: 'x' } },
    subject: { reference: `Patient/${id}` },
  });
  const refusals: number[] = [];
  judge = async (medplum: MedplumClient) => {
    await medplum.deleteResource('Patient', id ?? '').catch(() => refusals.push(1));
  };
  expect((await client.post('Basic', basic('goes on'))).status).toBe(201);
  expect(refusals).toEqual([1]);
  expect((await client.get(`Patient/${id}`)).status).toBe(200);
});

test('a bot that swallows a failure of the database stores nothing', async () => {
  judge = async (medplum) => {
    await medplum.createResource(organization('swallowed'));
    await server.database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and state = 'idle in transaction'`,
    );
    await medplum.createResource(organization('swallowed')).catch(() => undefined);
  };
  expect((await client.post('Basic', basic('swallowed'))).status).toBeGreaterThanOrEqual(500);
  expect([await count('Basic?identifier=swallowed'), await count('Organization?name=swallowed')]).toEqual([0, 0]);
});

test('writes that a bot starts together are all done, a refused one among them alone not', async () => {
  judge = async (medplum) => {
    const made = await Promise.allSettled([
      medplum.createResource(organization('together')),
      medplum.createResource({ ...flag('x'), subject: { reference: 'Patient/nowhere' } }),
      medplum.createResource(organization('together')),
      medplum.createResourceIfNoneExist(organization('together'), 'name=together'),
    ]);
    expect(made.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  };
  expect((await client.post('Basic', basic('parallel'))).status).toBe(201);
  expect(await count('Organization?name=together')).toBe(2);
});

test('a conflict under a bot starts again from the request; the client never hears of it', async () => {
  const { body } = await client.post<Basic>('Organization', organization('counter'));
  // each write reads and changes the same resource, as memberships of one patient do
  judge = async (medplum) => {
    const counter = await medplum.readResource('Organization', body.id ?? '');
    await sleep(5);
    await medplum.updateResource({ ...counter, alias: [...(counter.alias ?? []), 'one more'] });
  };
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, i) => client.put(`Basic/c${i}`, { ...basic(`c${i}`), id: `c${i}` })),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(201));
  const counter = await client.get<{ alias: string[] }>(`Organization/${body.id}`);
  expect(counter.body.alias).toHaveLength(6);
});

test('bots that lock each other out start again, and none is refused', async () => {
  const ids = await Promise.all(
    ['left', 'right'].map(async (name) => (await client.post<Basic>('Organization', organization(name))).body.id ?? ''),
  );
  const arrived: (() => void)[] = [];
  judge = async (medplum, event) => {
    const order = (event.input as Basic).code.text === 'there' ? ids : [...ids].reverse();
    await medplum.updateResource({ ...organization(`${Math.random()}`), id: order[0] });
    await Promise.race([new Promise<void>((resolve) => arrived.push(resolve)), sleep(300)]);
    await medplum.updateResource({ ...organization(`${Math.random()}`), id: order[1] });
  };
  // patients of their own, so that the two do not wait for each other before the bot is called
  const about = async (text: string) => {
    const { body } = await client.post<Patient>('Patient', { resourceType: 'Patient' });
    return { ...basic(text), subject: { reference: `Patient/${body.id}` } };
  };
  const sent = [await about('there'), await about('back')];
  const answers = await Promise.all(sent.map((resource) => client.post<Bundle>('Basic', resource)));
  expect(answers.map(({ status, body }) => [status, body.resourceType])).toEqual([
    [201, 'Basic'],
    [201, 'Basic'],
  ]);
});
