import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/kit/database.ts';
import { migrate } from './migrate.ts';

let database: TestDatabase;
let folder: string;
let settings: unknown[];

beforeEach(async () => {
  database = await testDatabase();
  settings = await settingRows();
  // An empty schema again, in which a test's own migrations run.
  await database.pool.query('drop schema public cascade; create schema public');
  folder = await mkdtemp(path.join(os.tmpdir(), 'svar-migrations-'));
  await file('0001_first.sql', 'create table setting (name text primary key, value text not null);');
});

afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const file = (name: string, sql: string) => writeFile(path.join(folder, name), sql);

async function settingRows(): Promise<unknown[]> {
  return (await database.pool.query('select name, value from setting order by name')).rows;
}

async function applied(): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>('select name from migration order by name');
  return rows.map((row) => row.name);
}

test('files run once each, in the order of their numbers', async () => {
  await file('0003_third.sql', 'insert into thing values (2)');
  await file('0002_second.sql', 'create table thing (n int8)');
  const said: string[] = [];
  await migrate(database.pool, { folder, log: (message) => said.push(message) });
  await migrate(database.pool, { folder, log: (message) => said.push(message) });
  expect(await applied()).toEqual(['0001_first', '0002_second', '0003_third']);
  expect(said).toHaveLength(3);
  expect((await database.pool.query('select n from thing')).rows).toEqual([{ n: '2' }]);
});

test('a later start runs only the files that are new', async () => {
  await migrate(database.pool, { folder });
  await file('0002_second.sql', 'create table thing (n int8)');
  await migrate(database.pool, { folder });
  expect(await applied()).toEqual(['0001_first', '0002_second']);
});

test('processes that start at once migrate once', async () => {
  await file('0002_second.sql', 'select pg_sleep(0.2); create table thing as select 1 as n');
  await Promise.all([1, 2, 3].map(() => migrate(database.pool, { folder })));
  expect((await database.pool.query('select n from thing')).rows).toEqual([{ n: 1 }]);
});

test('a database of a newer schema is refused and left as it was', async () => {
  await file('0002_second.sql', 'create table thing (n int8)');
  await migrate(database.pool, { folder });
  await rm(path.join(folder, '0002_second.sql'));
  await file('0001_other.sql', 'create table never (n int8)');
  await expect(migrate(database.pool, { folder })).rejects.toThrow(/newer schema .*0002_second.*Nothing was changed/);
  expect((await database.pool.query("select to_regclass('never') as never")).rows).toEqual([{ never: null }]);
});

test('a database made by another version of a file is refused', async () => {
  await migrate(database.pool, { folder });
  await file('0001_first.sql', 'create table setting (name text primary key, value text not null, why text);');
  await expect(migrate(database.pool, { folder })).rejects.toThrow(/another version of migration 0001_first/);
});

test('a file that fails leaves nothing behind, and those before it stay', async () => {
  await file('0002_second.sql', 'create table thing (n int8); select 1/0');
  await expect(migrate(database.pool, { folder })).rejects.toThrow('Migration 0002_second failed: division by zero');
  expect(await applied()).toEqual(['0001_first']);
  expect((await database.pool.query("select to_regclass('thing') as thing")).rows).toEqual([{ thing: null }]);
});

test('the hash seed and the token secret are made once and differ between databases', async () => {
  await migrate(database.pool, { folder });
  const made = await settingRows();
  await migrate(database.pool, { folder });
  expect(await settingRows()).toEqual(made);
  expect(made).toHaveLength(2);
  expect(made).not.toEqual(settings);
});

test('a migration does not disturb the sessions of the pool: the lock is given back', async () => {
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  await migrate(pool, { folder });
  const { rows } = await pool.query(
    "select 1 from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
  );
  await pool.end();
  expect(rows).toEqual([]);
});
