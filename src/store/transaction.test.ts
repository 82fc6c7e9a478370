import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/kit/database.ts';
import { FhirError } from '../model/issue.ts';
import { asLost, Conflict, ConnectionLost, inTransaction, isConflict, isRefusal, retrying } from './transaction.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await database.pool.query('create table note (n int4 primary key)');
});

beforeEach(() => database.pool.query('truncate note'));

afterAll(() => database.close());

const notes = async (): Promise<number[]> =>
  (await database.pool.query<{ n: number }>('select n from note order by n')).rows.map(({ n }) => n);

const soon = { random: () => 0, again: async () => undefined };

test('work that returns is committed, work that throws leaves nothing', async () => {
  await inTransaction(database.pool, (client) => client.query('insert into note values (1)'));
  const failing = inTransaction(database.pool, async (client) => {
    await client.query('insert into note values (2)');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await notes()).toEqual([1]);
});

test('a commit that PostgreSQL answers with ROLLBACK is a conflict, not a success', async () => {
  const swallowing = inTransaction(database.pool, async (client) => {
    await client.query('insert into note values (1)');
    await client.query('select 1 / 0').catch(() => undefined);
  });
  await expect(swallowing).rejects.toBeInstanceOf(Conflict);
  expect(await notes()).toEqual([]);
});

test('a connection that is lost is told as such, and is not used again', async () => {
  const lost = inTransaction(database.pool, async (client) => {
    client.on('error', () => undefined);
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await database.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await sleep(50);
  });
  await expect(lost).rejects.toBeInstanceOf(ConnectionLost);
  await inTransaction(database.pool, (client) => client.query('insert into note values (3)'));
  expect(await notes()).toEqual([3]);
});

test('a database that is not there is a lost connection', async () => {
  const nowhere = new pg.Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
  await expect(inTransaction(nowhere, async () => undefined)).rejects.toBeInstanceOf(ConnectionLost);
});

test('after a conflict work starts again, from the beginning', async () => {
  let attempts = 0;
  const work = () =>
    inTransaction(database.pool, async (client) => {
      attempts += 1;
      await client.query('insert into note values ($1)', [attempts]);
      if (attempts < 3) {
        throw new Conflict('somebody was faster');
      }
      return attempts;
    });
  expect(await retrying(soon, work)).toBe(3);
  expect(await notes()).toEqual([3]);
});

test('too many conflicts are a 409, and other failures are not tried again', async () => {
  const never = vi.fn(() => Promise.reject(new Conflict('always')));
  await expect(retrying(soon, never)).rejects.toMatchObject({ status: 409 });
  expect(never).toHaveBeenCalledTimes(12);
  for (const failure of [new FhirError(422, []), new ConnectionLost(new Error('gone')), new Error('fault')]) {
    const once = vi.fn(() => Promise.reject(failure));
    await expect(retrying(soon, once)).rejects.toBe(failure);
    expect(once).toHaveBeenCalledTimes(1);
  }
});

test('deadlocks and uniqueness met at the same time are conflicts', async () => {
  await database.pool.query('insert into note values (1)');
  const twice = database.pool.query('insert into note values (1)');
  await expect(twice.catch((failure: unknown) => Promise.reject(isConflict(failure)))).rejects.toBe(true);
  expect(isConflict({ code: '40P01' })).toBe(true);
  expect(isConflict({ code: '22021' })).toBe(false);
  expect(isConflict(undefined)).toBe(false);
});

test('what PostgreSQL refuses was not stored; of anything else nobody knows', async () => {
  const refused: unknown = await database.pool.query('select 1 / 0').catch((failure: unknown) => failure);
  expect(isRefusal(refused)).toBe(true);
  expect(asLost(refused)).toBe(refused);
  const shutDown = new pg.DatabaseError('terminating connection', 1, 'error');
  shutDown.code = '57P01';
  expect(isRefusal(shutDown)).toBe(false);
  expect(asLost(shutDown)).toBeInstanceOf(ConnectionLost);
  expect(asLost(new Error('Connection terminated unexpectedly'))).toBeInstanceOf(ConnectionLost);
});
