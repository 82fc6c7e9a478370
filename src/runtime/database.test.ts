import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/kit/database.ts';
import { openDatabase } from './database.ts';
import { readSettings } from './settings.ts';

const silent = pino({ level: 'silent' });
const settingsFor = (url: string) => readSettings({ environment: { DATABASE_URL: url } });

let existing: TestDatabase;

beforeAll(async () => {
  existing = await testDatabase();
});

afterAll(() => existing.close());

test('DATABASE_URL names an existing database', async () => {
  const database = await openDatabase(settingsFor(existing.url), silent);
  const { rows } = await database.pool.query('select current_database() as name');
  await database.stop();
  expect(`/${rows[0]?.name}`).toBe(new URL(existing.url).pathname);
});

test('a connection that breaks while idle does not end the process, and the next query gets another', async () => {
  const database = await openDatabase(settingsFor(existing.url), silent);
  const { rows } = await database.pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const removed = new Promise((resolve) => database.pool.once('remove', resolve));
  await existing.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
  await removed;
  expect((await database.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await database.stop();
});

test('a database that does not store UTF-8 is refused', async () => {
  const name = `svar_ascii_${process.pid}`;
  await existing.pool.query(
    `create database ${name} template template0 encoding 'SQL_ASCII' locale_provider libc locale 'C'`,
  );
  const url = new URL(existing.url);
  url.pathname = `/${name}`;
  await expect(openDatabase(settingsFor(url.href), silent)).rejects.toThrow(
    'stores text as SQL_ASCII; Svar needs UTF8',
  );
  await existing.pool.query(`drop database ${name} with (force)`);
});

test('the fault of a database that cannot be used is told without its password', async () => {
  const url = new URL(existing.url);
  url.password = 'hemmelig';
  url.pathname = '/not_there'; // a server that trusts this machine asks for no password
  const refusal = await openDatabase(settingsFor(url.href), silent).catch((problem: Error) => problem.message);
  expect(refusal).toContain('The database of DATABASE_URL cannot be used: ');
  expect(refusal).not.toContain('hemmelig');
});
