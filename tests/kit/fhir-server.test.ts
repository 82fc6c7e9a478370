import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from './fhir-server.ts';

const options = { testClock: '2026-03-02T08:00:00+01:00', background: false };
/** One that finds the product in its database, one that loads it itself: a log of its own is a reason to. */
let finds: TestServer;
let loads: TestServer;

beforeAll(async () => {
  [finds, loads] = await Promise.all([
    testServer(options),
    testServer({ ...options, log: { write: () => undefined } }),
  ]);
});

afterAll(() => Promise.all([finds.close(), loads.close()]));

test('every table has as many rows', async () => {
  expect(await rowsOf(finds)).toEqual(await rowsOf(loads));
});

test('every resource is the same, but for the id that a server gave, and so are the versions', async () => {
  const resources = await resourcesOf(finds);
  expect(resources.length).toBeGreaterThan(100);
  expect(resources).toEqual(await resourcesOf(loads));
});

test('every setting is the same', async () => {
  expect(await settingsOf(finds)).toEqual(await settingsOf(loads));
});

async function rowsOf({ database: { pool } }: TestServer): Promise<Map<string, number>> {
  const tables = await pool.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' order by tablename",
  );
  const rows = new Map<string, number>();
  for (const { name } of tables.rows) {
    const { rowCount } = await pool.query(`select 1 from "${name}"`);
    rows.set(name, rowCount ?? 0);
  }
  return rows;
}

async function resourcesOf({ database: { pool } }: TestServer): Promise<readonly object[]> {
  const { rows } = await pool.query<{ content: string }>(
    `select type, version, updated, deleted, id, patient is null as of_nobody, date,
       content::jsonb - 'id' as content from resource order by type, content::jsonb - 'id'`,
  );
  return rows;
}

async function settingsOf({ database: { pool } }: TestServer): Promise<readonly object[]> {
  return (await pool.query('select name, value from setting order by name')).rows;
}
