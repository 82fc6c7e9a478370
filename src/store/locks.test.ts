import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/kit/database.ts';
import { newRid, prepared, targetOf } from '../../tests/kit/prepared-writes.ts';
import { type Locks, lockCriteria, lockShard, locksFor, takeLocks, targetBucket, tryLocks } from './locks.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});

afterAll(() => database.close());

const none: Locks = { exclusive: [], shared: [], targets: [], deleted: [] };

/** Two transactions, of which the second may have to wait for the first. */
async function waits(
  first: (client: pg.PoolClient) => Promise<unknown>,
  second: (client: pg.PoolClient) => Promise<unknown>,
): Promise<boolean> {
  const [one, two] = [await database.pool.connect(), await database.pool.connect()];
  try {
    await one.query('begin');
    await two.query('begin');
    await first(one);
    let done = false;
    const waiting = second(two).then(() => {
      done = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const waited = !done;
    await one.query('rollback');
    await waiting;
    await two.query('rollback');
    return waited;
  } finally {
    one.release();
    two.release();
  }
}

test.each<[string, Partial<Locks>, Partial<Locks>, boolean]>([
  ['a held patient makes other writers of the patient wait', { exclusive: [3] }, { shared: [3] }, true],
  ['and those who want to hold it too', { exclusive: [3] }, { exclusive: [3] }, true],
  ['writers of one patient do not wait for each other', { shared: [3] }, { shared: [3] }, false],
  ['nor those who hold different patients', { exclusive: [3] }, { exclusive: [4] }, false],
  ['a deletion waits for those who refer to the resource', { targets: [5] }, { deleted: [5] }, true],
  ['and they for the deletion', { deleted: [5] }, { targets: [5] }, true],
  ['those who refer to a resource do not wait for each other', { targets: [5] }, { targets: [5] }, false],
  ['a resource and a patient of the same number are different things', { exclusive: [5] }, { deleted: [5] }, false],
])('%s', async (_name, first, second, expected) => {
  const take = (locks: Partial<Locks>) => (client: pg.PoolClient) => takeLocks(client, { ...none, ...locks });
  expect(await waits(take(first), take(second))).toBe(expected);
});

test('a write with more locks than PostgreSQL has room for stops all others, and they it', async () => {
  const many = { ...none, exclusive: Array.from({ length: 2000 }, (_, i) => i) };
  const few = { ...none, shared: [3] };
  expect(
    await waits(
      (client) => takeLocks(client, many),
      (client) => takeLocks(client, few),
    ),
  ).toBe(true);
  expect(
    await waits(
      (client) => takeLocks(client, few),
      (client) => takeLocks(client, many),
    ),
  ).toBe(true);
});

test('a merged write does not wait for a patient: it is told who is held', async () => {
  const one = await database.pool.connect();
  const two = await database.pool.connect();
  await one.query('begin');
  await two.query('begin');
  await takeLocks(one, { ...none, exclusive: [3, 4], shared: [5] });
  expect(await tryLocks(two, { ...none, exclusive: [5, 6], shared: [3, 7] })).toEqual(new Set([3, 5]));
  for (const client of [one, two]) {
    await client.query('rollback');
    client.release();
  }
});

test('conditional writes with the same criteria wait for each other, with others not', async () => {
  const lock = (key: string) => (client: pg.PoolClient) => lockCriteria(client, key);
  expect(await waits(lock('Patient?identifier=a'), lock('Patient?identifier=a'))).toBe(true);
  expect(await waits(lock('Patient?identifier=a'), lock('Patient?identifier=b'))).toBe(false);
});

test('a write needs its patient, alone where it leaves events, and what it refers to or deletes', () => {
  const patient = newRid(40);
  const target = prepared({ type: 'Patient' });
  const event = { bot: 'b', interaction: 'create', due: 0 } as const;
  const writes = [
    prepared({ patient, targets: [targetOf(target)] }),
    prepared({ rid: newRid(30), events: [event] }),
    prepared({ rid: newRid(30) }),
    prepared({ rid: newRid(20), deleted: true, version: 2 }),
  ];
  expect(locksFor(writes)).toEqual({
    exclusive: [30],
    shared: [20, 40],
    targets: [targetBucket(target.rid)],
    deleted: [targetBucket(writes[3]?.rid ?? '')],
  });
  expect(lockShard(prepared({ patient }))).toBe(40);
});
