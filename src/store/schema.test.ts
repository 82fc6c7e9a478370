import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/kit/database.ts';

/** Tables whose keys do not begin with shard, and why that is right. */
const EXEMPT: Record<string, string> = {
  setting: 'a handful of values of the database itself: replicated to every node',
  locator: 'finds the shard of an id that a client gave, so it cannot know the shard: distributed by its own key',
  search_parameter: 'definitions, no patient data: replicated to every node',
  cron_run: 'one row for each cron bot, no patient data',
  audit: 'what a process did, in its order; patients stand in it as surrogates: distributed by chain',
  audit_seal: 'links of a chain: distributed by chain',
  audit_chain: 'one row for each process',
  audit_agent: 'who acted, each once: distributed by its own key',
  migration: 'which files have run on this database',
  signing_key: 'a key a year, no patient data: replicated to every node',
  erased_id: 'finds an id that a client gave, as locator does: distributed by its own key',
  account: 'who may sign in: a patient by the id of the Patient alone, found by its login name',
  session: 'who has signed in, found by its own id or by the hash of a cookie; ends by itself',
  sign_in: 'a sign-in under way, found by its ticket; ends by itself',
  sign_in_failure: 'failed sign-ins, by a keyed hash of the name that was typed',
  rate_limit: 'counts of the last minutes, by a keyed hash',
  oauth_client: 'programs that may ask for tokens, no patient data: replicated to every node',
  oauth_key: 'a handful of signing keys: replicated to every node',
  oauth_state: 'found by the hash of a code or token, short-lived, no clinical data: distributed by its own key',
  oauth_grant: 'found by the id in a token, no clinical data: distributed by its own key',
  oauth_launch: 'found by the hash of a launch parameter, lives minutes: distributed by its own key',
  oauth_used: 'hashes of what was used once, lives minutes: distributed by its own key',
  upstream_sign_in: 'found by the hash of a state, lives minutes: distributed by its own key',
  upstream_session: 'found by the session, ends with it: distributed by its own key',
  live_subscription: 'what open pages listen to, found by its own id, lives hours: distributed by its own key',
  order_link: 'found by the hash of a secret, so it cannot know the shard: distributed by its own key',
};

/** Tables that have no key at all: postings, which nothing refers to, found by hash or rid. */
const POSTINGS = ['range_idx', 'string_idx', 'token_idx'];

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});

afterAll(() => database.close());

const names = async (sql: string): Promise<string[]> =>
  (await database.pool.query<{ name: string }>(sql)).rows.map(({ name }) => name);

const tables = (): Promise<string[]> =>
  names(`select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`);

test('nothing refers to another table by a foreign key', async () => {
  expect(await names("select conname as name from pg_constraint where contype = 'f'")).toEqual([]);
});

test('no sequence orders anything, and no column is filled by one', async () => {
  expect(await names("select relname as name from pg_class where relkind = 'S'")).toEqual([]);
});

test('no trigger does anything behind the back of the writer', async () => {
  expect(await names('select tgname as name from pg_trigger where not tgisinternal')).toEqual([]);
});

test('the key of every table with patient data begins with shard', async () => {
  const { rows } = await database.pool.query<{ name: string; first: string }>(
    `select c.relname as name, a.attname as first from pg_constraint k
     join pg_class c on c.oid = k.conrelid join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
     where k.contype in ('p', 'u') and c.relnamespace = 'public'::regnamespace`,
  );
  const first = new Map(rows.map((row) => [row.name, row.first]));
  for (const table of await tables()) {
    if (!Object.hasOwn(EXEMPT, table) && !POSTINGS.includes(table)) {
      expect(first.get(table), table).toBe('shard');
    }
  }
  expect([...first.keys()]).toEqual(expect.arrayContaining(['resource', 'history', 'outbox']));
});

test('no index demands uniqueness across shards', async () => {
  const unique = await names(
    `select t.relname as name from pg_index i join pg_class t on t.oid = i.indrelid
     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
     where i.indisunique and a.attname <> 'shard' and t.relnamespace = 'public'::regnamespace`,
  );
  expect(unique.filter((table) => !Object.hasOwn(EXEMPT, table))).toEqual([]);
});

test('postings carry the shard of their resource', async () => {
  for (const table of POSTINGS) {
    const columns = await names(`select attname as name from pg_attribute where attrelid = '${table}'::regclass`);
    expect(columns, table).toContain('shard');
  }
});
