import type { Basic, Communication, Organization, Patient } from '@medplum/fhirtypes';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type TestServer, testServer } from '../../tests/kit/fhir-server.ts';
import { type Rest, rest } from '../../tests/kit/rest.ts';
import { typeNumber } from '../model/resource-types.ts';
import type { Bot, Handler } from './bot.ts';

const START = '2026-03-02T08:00:00.000Z';

let first: TestServer;
let second: TestServer;
let client: Rest;
/** What the bot under test does; every Basic concerns it. */
let work: Handler;
/** What it was called for, in order: the server and the text of the Basic. */
let calls: string[];

const bot = (server: string): Bot => ({
  declaration: { name: 'worker', kind: 'follow', trigger: ['Basic'], interactions: ['create', 'update', 'delete'] },
  handler: (medplum, event) => {
    calls.push(`${server} ${(event.input as Basic).code.text}`);
    return work(medplum, event);
  },
});

beforeEach(async () => {
  calls = [];
  work = async () => undefined;
  const options = { packages: false, background: false, testClock: START };
  first = await testServer({ ...options, bots: [bot('first')] });
  second = await testServer({ ...options, bots: [bot('second')], database: first.database });
  client = rest(first.base);
});

afterEach(async () => {
  if (second !== first) await second.close();
  await first.close();
});

const basic = (text: string, patient?: string) => ({
  resourceType: 'Basic',
  code: { text },
  ...(patient ? { subject: { reference: `Patient/${patient}` } } : {}),
});

async function create(text: string, patient?: string): Promise<string> {
  const { status, body } = await client.post<Basic>('Basic', basic(text, patient));
  expect(status).toBe(201);
  return body.id ?? '';
}

async function patient(id: string): Promise<string> {
  await client.put(`Patient/${id}`, { resourceType: 'Patient', id });
  return id;
}

const worked = (): string[] => calls.map((call) => call.split(' ').slice(1).join(' '));

const outbox = async (): Promise<unknown[]> =>
  (await first.database.pool.query('select bot, attempts, parked, due from outbox order by n')).rows;

const seconds = (n: number): Date => new Date(Date.parse(START) + n * 1000);

async function moveTo(n: number): Promise<void> {
  await first.fhir.clock?.moveTo(seconds(n).getTime());
  await first.fhir.runner.drain();
}

test('what a bot writes and that it is done are committed together', async () => {
  let inside: number | undefined;
  work = async (medplum) => {
    await medplum.createResource({ resourceType: 'Organization', name: 'effect' });
    inside = (await client.search('Organization?name=effect')).length;
  };
  await create('one');
  expect(await outbox()).toHaveLength(1);
  await first.fhir.runner.drain();
  expect(inside).toBe(0);
  expect(await client.search('Organization?name=effect')).toHaveLength(1);
  expect(await outbox()).toEqual([]);
});

test('two processes do every event once, those of a patient in their order', async () => {
  const [anna, bent] = [await patient('anna'), await patient('bent')];
  work = async (medplum, event) => {
    const { text } = (event.input as Basic).code;
    await medplum.createResource<Communication>({
      resourceType: 'Communication',
      status: 'completed',
      note: [{ text: text ?? '' }],
    });
  };
  for (let i = 0; i < 15; i += 1) {
    await create(`anna ${i}`, anna);
    await create(`bent ${i}`, bent);
  }
  await Promise.all([first, second, first, second].map(({ fhir }) => fhir.runner.drain()));
  expect(await outbox()).toEqual([]);
  const made = await client.search<Communication>('Communication?_count=100');
  const texts = made.map(({ note }) => note?.[0]?.text);
  expect(new Set(texts).size).toBe(30);
  expect(texts).toHaveLength(30);
  const numbers = Array.from({ length: 15 }, (_, i) => `anna ${i}`);
  expect(worked().filter((text) => text.startsWith('anna'))).toEqual(numbers);
  expect(worked()).toHaveLength(30);
});

test('a bot that fails is tried again later and later, its patient waits and others do not', async () => {
  const [anna, bent] = [await patient('anna'), await patient('bent')];
  let broken = true;
  work = async (medplum, event) => {
    await medplum.createResource({ resourceType: 'Organization', name: `${(event.input as Basic).code.text}` });
    if (broken && (event.input as Basic).code.text === 'anna 1') {
      throw new Error('not today');
    }
  };
  await create('anna 1', anna);
  await create('anna 2', anna);
  await create('bent 1', bent);
  await first.fhir.runner.drain();
  expect(worked().sort()).toEqual(['anna 1', 'bent 1']);
  expect(await client.search('Organization')).toHaveLength(1);
  await moveTo(1);
  expect(worked()).toHaveLength(2);
  await moveTo(3);
  expect(worked()).toHaveLength(3);
  broken = false;
  await moveTo(20);
  expect(worked().slice(3)).toEqual(['anna 1', 'anna 2']);
  expect(await client.search('Organization')).toHaveLength(3);
  expect(await outbox()).toEqual([]);
});

test('a bot that fails eight times is parked, with the reason, and holds up its patient no longer', async () => {
  const anna = await patient('anna');
  work = async (_medplum, event) => {
    if ((event.input as Basic).code.text === 'poison') {
      throw new Error('never');
    }
  };
  await create('poison', anna);
  await create('next', anna);
  await first.fhir.advance(seconds(3600));
  expect(worked()).toEqual([...Array(8).fill('poison'), 'next']);
  expect(await outbox()).toMatchObject([{ bot: 'worker', attempts: 8, parked: true }]);
});

test('a bot that swallows the failure of its own request does not keep half of it', async () => {
  work = async (medplum) => {
    await medplum.createResource({ resourceType: 'Organization', name: 'kept' });
    await medplum
      .executeBatch({
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [
          {
            resource: { resourceType: 'Organization', name: 'lost' },
            request: { method: 'POST', url: 'Organization' },
          },
          { request: { method: 'GET', url: 'Organization/nowhere' } },
        ],
      })
      .catch(() => undefined);
  };
  await create('one');
  await first.fhir.runner.drain();
  expect(await client.search('Organization?name=kept')).toHaveLength(1);
  expect(await client.search('Organization?name=lost')).toHaveLength(0);
});

test('an event finds the resource as it is by then; one that is gone is passed over, but its deletion is told', async () => {
  const id = await create('before');
  await client.put(`Basic/${id}`, { ...basic('after'), id });
  await first.fhir.runner.drain();
  expect(worked()).toEqual(['after', 'after']);
  const gone = await create('gone');
  await client.send('DELETE', `Basic/${gone}`);
  await first.fhir.runner.drain();
  expect(worked().slice(2)).toEqual(['gone']);
  expect(await outbox()).toEqual([]);
});

test('a bot that is not there any more leaves its events to the operator', async () => {
  await create('orphan');
  await first.database.pool.query("update outbox set bot = 'retired'");
  await first.fhir.advance(seconds(3600));
  expect(await outbox()).toMatchObject([{ bot: 'retired', attempts: 8, parked: true }]);
});

test('a connection that is lost under a bot is no failure of the bot: it is done again', async () => {
  let times = 0;
  work = async (medplum) => {
    times += 1;
    await medplum.createResource({ resourceType: 'Organization', name: 'once' });
    if (times === 1) {
      await first.database.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and state = 'idle in transaction'`,
      );
      await medplum.createResource({ resourceType: 'Organization', name: 'once' }).catch(() => undefined);
    }
  };
  await create('one');
  await expect(first.fhir.runner.drain()).rejects.toThrow('connection');
  expect(await outbox()).toMatchObject([{ attempts: 0, parked: false }]);
  await first.fhir.runner.drain();
  expect(await client.search('Organization?name=once')).toHaveLength(1);
  expect(await outbox()).toEqual([]);
});

test('a conflict with somebody else is no failure of the bot either: it starts again', async () => {
  await first.database.pool.query(`
    create sequence strikes;
    create function strike() returns trigger language plpgsql as $$ begin
      if nextval('strikes') < 3 then raise exception 'somebody was faster' using errcode = '40001'; end if;
      return new;
    end $$;
    create trigger strike before insert on resource for each row when (new.type = ${typeNumber('Organization')})
      execute function strike()`);
  work = async (medplum) => {
    await medplum.createResource({ resourceType: 'Organization', name: 'struck' });
  };
  await create('one');
  await first.fhir.runner.drain();
  expect(worked()).toEqual(['one', 'one', 'one']);
  expect(await client.search('Organization?name=struck')).toHaveLength(1);
  expect(await outbox()).toEqual([]);
});

describe('many events that are due for one bot share a transaction', () => {
  const numbers = Array.from({ length: 20 }, (_, i) => i);
  const commits = async (): Promise<number> => {
    const { rows } = await first.database.pool.query(
      "select count(distinct xmin::text)::int as n from resource where content like '%\"effect %'",
    );
    return rows[0].n;
  };
  const people = async (): Promise<void> => {
    for (const i of numbers) await create(`${i}`, await patient(`p${i}`));
  };
  const effect = (text: string | undefined) => ({
    resourceType: 'Organization' as const,
    name: `effect ${text}`,
    identifier: [{ system: 'urn:effect', value: text ?? '' }],
  });

  test('each gets what it asks for, and its effects once', async () => {
    const found: string[] = [];
    work = async (medplum, event) => {
      const { id, code, subject } = event.input as Basic;
      const own = await medplum.readReference<Patient>({ reference: subject?.reference ?? '' });
      const basics = await medplum.searchResources('Basic', { patient: subject?.reference ?? '' });
      found.push(`${code.text} ${own.id} ${basics.map((basic) => basic.id === id)}`);
      const made = await medplum.createResource(effect(code.text));
      const again = await medplum.createResourceIfNoneExist(effect(code.text), `identifier=urn:effect|${code.text}`);
      expect(again.id).toBe(made.id);
      await medplum.updateResource({ ...made, alias: [code.text ?? ''] });
    };
    await people();
    await first.fhir.runner.drain();
    expect(found.sort()).toEqual(numbers.map((i) => `${i} p${i} true`).sort());
    const made = await client.search<Organization>('Organization?name=effect&_count=100');
    expect(made.map(({ name, alias }) => `${name} ${alias}`).sort()).toEqual(
      numbers.map((i) => `effect ${i} ${i}`).sort(),
    );
    expect(made.every(({ meta }) => meta?.versionId === '2')).toBe(true);
    expect(await commits()).toBe(1);
    expect(await outbox()).toEqual([]);
  });

  test('one that fails is tried again alone, and holds up none of the others', async () => {
    work = async (medplum, event) => {
      const { text } = (event.input as Basic).code;
      await medplum.createResource(effect(text));
      if (text === '7') throw new Error('not today');
    };
    await people();
    await first.fhir.runner.drain();
    const made = await client.search<Organization>('Organization?name=effect&_count=100');
    expect(made.map(({ name }) => name).sort()).toEqual(
      numbers
        .filter((i) => i !== 7)
        .map((i) => `effect ${i}`)
        .sort(),
    );
    expect(await outbox()).toMatchObject([{ bot: 'worker', attempts: 1, parked: false }]);
  });

  test('a refusal that a bot goes on after leaves nothing of that write behind, and takes nothing from the others', async () => {
    work = async (medplum, event) => {
      const { text } = (event.input as Basic).code;
      await medplum
        .createResource({ ...effect(`${text} refused`), partOf: { reference: 'Organization/nowhere' } })
        .catch(() => undefined);
      await medplum.createResource(effect(text));
    };
    await people();
    await first.fhir.runner.drain();
    const made = await client.search<Organization>('Organization?name=effect&_count=100');
    expect(made.map(({ name }) => name).sort()).toEqual(numbers.map((i) => `effect ${i}`).sort());
    expect(await outbox()).toEqual([]);
  });

  test('what several depend on is made once: they are then done one after the other', async () => {
    work = async (medplum) => {
      await medplum.createResourceIfNoneExist(effect('of-all'), 'identifier=urn:effect|of-all');
    };
    await people();
    await first.fhir.runner.drain();
    expect(await client.search('Organization?name=effect')).toHaveLength(1);
    expect(await outbox()).toEqual([]);
  });

  test('two processes do each of them once', async () => {
    work = async (medplum, event) => {
      await medplum.createResource(effect((event.input as Basic).code.text));
    };
    await people();
    await Promise.all([first, second].map(({ fhir }) => fhir.runner.drain()));
    expect(await client.search('Organization?name=effect&_count=100')).toHaveLength(20);
    expect(await outbox()).toEqual([]);
  });

  test('where the database goes away in the middle, nothing is kept and nobody has failed', async () => {
    let times = 0;
    work = async (medplum, event) => {
      await medplum.createResource(effect((event.input as Basic).code.text));
      times += 1;
      if (times === 1) {
        await first.database.pool.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and state = 'idle in transaction'`,
        );
      }
    };
    await people();
    await expect(first.fhir.runner.drain()).rejects.toThrow('connection');
    expect(await client.search('Organization?name=effect')).toEqual([]);
    await first.fhir.runner.drain();
    expect(await client.search('Organization?name=effect&_count=100')).toHaveLength(20);
    expect(await outbox()).toEqual([]);
  });
});

test('a bot that is apart and takes long holds up nothing for other patients', async () => {
  await second.close();
  await first.close();
  const slow = Promise.withResolvers<void>();
  const apart: Bot = {
    declaration: { name: 'outside', kind: 'follow', trigger: ['Basic'], apart: true },
    handler: async () => {
      calls.push('outside');
      await slow.promise;
    },
  };
  first = await testServer({ packages: false, testClock: START, bots: [bot('first'), apart] });
  second = first;
  client = rest(first.base);
  try {
    await create('one', await patient('anna'));
    await vi.waitFor(() => expect(calls).toContain('outside'), { timeout: 15_000 });
    await create('two', await patient('bent'));
    await vi.waitFor(() => expect(calls).toContain('first two'), { timeout: 15_000 });
  } finally {
    slow.resolve();
  }
}, 45_000);
