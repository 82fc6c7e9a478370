import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from './database.ts';

let first: TestDatabase;
let second: TestDatabase;

beforeAll(async () => {
  [first, second] = await Promise.all([testDatabase(), testDatabase()]);
});

afterAll(async () => {
  await Promise.all([first.close(), second.close()]);
});

test('a test database has the schema, a hash seed and a token secret', async () => {
  const { rows } = await first.pool.query<{ name: string; value: string }>('select name, value from setting');
  const setting = new Map(rows.map((row) => [row.name, row.value]));
  expect(String(BigInt.asIntN(64, BigInt(setting.get('hash_seed') ?? '')))).toBe(setting.get('hash_seed'));
  expect(setting.get('token_secret')).toMatch(/^[0-9a-f]{64}$/);
  expect((await first.pool.query('select 1 from resource')).rowCount).toBe(0);
});

test('what one test database holds is not in another', async () => {
  await first.pool.query("insert into setting (name, value) values ('test', 'only in the first')");
  expect((await second.pool.query("select 1 from setting where name = 'test'")).rowCount).toBe(0);
});

test('text is UTF-8, whatever the environment says', async () => {
  const { rows } = await first.pool.query<{ encoding: string }>(
    'select pg_encoding_to_char(encoding) as encoding from pg_database where datname = current_database()',
  );
  expect(rows).toEqual([{ encoding: 'UTF8' }]);
});
