import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/kit/database.ts';
import { hash64, param32 } from './hash64.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});

afterAll(() => database.close());

/** Strings of every length up to 40 bytes and some long ones; PostgreSQL has neither NUL nor lone surrogates. */
function strings(): string[] {
  const text = fc.string({ unit: 'binary', maxLength: 60 }).map((each) => each.toWellFormed().replaceAll('\0', '.'));
  return [
    ...Array.from({ length: 40 }, (_, length) => 'abcdefghijklmnopqrstuvwxyzæøå0123456789|/@#'.slice(0, length)),
    'x'.repeat(5000),
    '漢'.repeat(900),
    '😀'.repeat(700),
    ...fc.sample(text, 4000),
  ];
}

test.each(['0', '1', '-1', '4294967296', '-9223372036854775808', '9223372036854775807', '1234567890123456789'])(
  'hashes are those of PostgreSQL with the seed %s',
  async (seed) => {
    const texts = strings();
    const { rows } = await database.pool.query<{ h: string }>(
      'select hashtextextended(t, $2::int8) as h from unnest($1::text[]) with ordinality as each (t, n) order by n',
      [texts, seed],
    );
    expect(texts.map((text) => hash64(text, seed))).toEqual(rows.map(({ h }) => h));
    expect(hash64('a', BigInt(seed))).toBe(hash64('a', seed));
  },
);

test('the number of a parameter is the low half of the hash of its name', async () => {
  const { rows } = await database.pool.query<{ param: number }>(
    "select hashtextextended('Observation.code', 0)::bit(32)::int4 as param",
  );
  expect(param32('Observation.code\n=x')).toBe(rows[0]?.param);
  expect(param32('Observation.code')).toBe(rows[0]?.param);
});
