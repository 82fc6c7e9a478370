import pg from 'pg';
import { afterAll, expect, inject, test } from 'vitest';
import { asking, expectOutcome } from '../../tests/kit/asking.ts';
import { restInMemory } from '../../tests/kit/rest-in-memory.ts';
import { ConnectionLost } from '../store/transaction.ts';

/** How the failure of a query looks while nobody listens at the database's port, or after its session was ended. */
const nobodyListens = () => new pg.Client({ connectionString: 'postgres://svar:x@127.0.0.1:1/svar' }).connect();
async function ended(): Promise<void> {
  const client = new pg.Client({ connectionString: inject('serverUrl') });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('select pg_terminate_backend(pg_backend_pid())');
}

async function stopped(): Promise<void> {
  const client = new pg.Client({ connectionString: inject('serverUrl'), statement_timeout: 5 });
  await client.connect();
  await client.query('select pg_sleep(10)').finally(() => client.end());
}

const served = await restInMemory({
  interactions: {
    read: async () => {
      await nobodyListens();
      throw new Error('somebody listened');
    },
    search: async () => {
      await ended();
      throw new Error('the session was not ended');
    },
    create: async () => {
      throw new ConnectionLost(new Error('gone'));
    },
    history: async () => {
      await stopped();
      throw new Error('the statement was not stopped');
    },
    vread: async () => {
      throw new Error('anything else');
    },
  },
});
afterAll(() => served.close());

const { ask } = asking(served);

test('while the database is away, requests are answered with 503 and when to come again', async () => {
  const answers = [
    await ask('GET', '/Patient/1'),
    await ask('GET', '/Patient'),
    await ask('POST', '/Patient', { body: { resourceType: 'Patient' } }),
  ];
  for (const answer of answers) {
    expectOutcome(answer, 503, 'transient');
    expect(answer.headers.get('retry-after')).toBe('1');
  }
});

test('what takes too long in the database is answered with 503 and how to ask for less', async () => {
  expectOutcome(await ask('GET', '/Patient/_history'), 503, 'too-costly');
});

test('any other failure stays a failure of the server', async () => {
  expectOutcome(await ask('GET', '/Patient/1/_history/1'), 500, 'exception');
});
