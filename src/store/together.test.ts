import type { QueryConfig } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/kit/database.ts';
import type { Queryable } from '../model/queryable.ts';
import { onlyReads } from './merged-statement.ts';
import { Together } from './together.ts';

let database: TestDatabase;
let together: Together;
/** What was asked of PostgreSQL. */
const asked: QueryConfig[] = [];

beforeAll(async () => {
  database = await testDatabase();
  await database.pool.query('create table word (n int8, text text)');
  await database.pool.query("insert into word select k, 'word ' || k from generate_series(1, 9) k");
  const noted: Queryable = {
    query: (config) => {
      asked.push(config);
      return database.pool.query(config);
    },
  };
  together = new Together(noted);
});

afterAll(() => database.close());

const words = async (text: string, values: unknown[], name: string | null = 'words'): Promise<string[]> =>
  (await together.query<{ text: string }>({ ...(name === null ? {} : { name }), text, values })).rows.map(
    (row) => row.text,
  );

const between = 'select text from word where n between $1::int8 and $2::int8 order by n desc limit 5';

test('statements of one shape that are asked in one turn are one, and each gets its own rows in its own order', async () => {
  asked.length = 0;
  const answers = await Promise.all([words(between, [1, 2]), words(between, [3, 3]), words(between, [20, 30])]);
  expect(answers).toEqual([['word 2', 'word 1'], ['word 3'], []]);
  expect(asked).toHaveLength(1);
});

test('equal ones are asked once, values that all share are given once', async () => {
  asked.length = 0;
  const answers = await Promise.all([words(between, [1, 3]), words(between, [1, 3]), words(between, [2, 3])]);
  expect(answers.map((rows) => rows.length)).toEqual([3, 3, 2]);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.values).toEqual([['1', '2'], 3]);
});

test('lists of numbers may differ too', async () => {
  asked.length = 0;
  const any = 'select text from word where n = any($1::int8[]) order by n';
  const answers = await Promise.all([words(any, [['1', '4']], 'any'), words(any, [[]], 'any')]);
  expect(answers).toEqual([['word 1', 'word 4'], []]);
  expect(asked).toHaveLength(1);
});

test('what differs without a type beside it, or needs quotes in a list, is asked one by one', async () => {
  asked.length = 0;
  const untyped = 'select text from word where n = $1';
  expect(await Promise.all([words(untyped, [1], 'untyped'), words(untyped, [2], 'untyped')])).toEqual([
    ['word 1'],
    ['word 2'],
  ]);
  const texts = 'select text from word where text = any($1::text[])';
  expect(await Promise.all([words(texts, [['word 1']], 'texts'), words(texts, [['{"']], 'texts')])).toEqual([
    ['word 1'],
    [],
  ]);
  expect(asked).toHaveLength(4);
});

test('a statement that is not prepared, writes, or locks, is passed on as it comes', async () => {
  asked.length = 0;
  await Promise.all([words(between, [1, 2], null), words(between, [1, 2], null)]);
  expect(asked).toHaveLength(2);
  expect(onlyReads('select 1')).toBe(true);
  for (const text of [
    'with x as (delete from word returning n) select n from x',
    'insert into word values (1)',
    'select pg_advisory_xact_lock(1)',
    'select n from word for update skip locked',
    "select nextval('s')",
  ]) {
    expect(onlyReads(text), text).toBe(false);
  }
});

test('a failure is told to all who asked', async () => {
  const broken = 'select text from word where n / 0 = $1::int8';
  const answers = await Promise.allSettled([words(broken, [1], 'broken'), words(broken, [2], 'broken')]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
