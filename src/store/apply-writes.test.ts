import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/kit/database.ts';
import { newRid, postingsOf, prepared } from '../../tests/kit/prepared-writes.ts';
import { applyWrites } from './apply-writes.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});

afterAll(() => database.close());

const versions = async (rid: string): Promise<unknown[]> =>
  (
    await database.pool.query(
      `select 'now' as at, version, deleted from resource where rid = $1
       union all select 'before', version, deleted from history where rid = $1 order by version`,
      [rid],
    )
  ).rows.map((row: { at: string; version: number; deleted: boolean }) => `${row.version} ${row.at} ${row.deleted}`);

/** What a resource is found by, from all three tables. */
const postings = async (rid: string): Promise<string[]> =>
  (
    await database.pool.query<{ row: string }>(
      `select 'token ' || h || ' ' || param || ' ' || shard as row from token_idx where rid = $1
       union all select 'range ' || h || ' ' || lo || '-' || hi from range_idx where rid = $1
       union all select 'string ' || h || ' ' || value || ' ' || coalesce(exact, 'same') from string_idx where rid = $1
       order by row`,
      [rid],
    )
  ).rows.map(({ row }) => row);

test('a creation stores the resource, what it is found by, and where its id leads', async () => {
  const write = prepared({ id: 'given', patient: newRid(9), date: 5.6, add: postingsOf(1), present: Buffer.from([5]) });
  expect(await applyWrites(database.pool, [write])).toEqual(new Set([write.rid]));
  const { rows } = await database.pool.query('select * from resource where rid = $1', [write.rid]);
  expect(rows).toMatchObject([
    { shard: 7, version: 1, id: 'given', date: '6', patient: write.patient, present: Buffer.from([5]), deleted: false },
  ]);
  expect(await postings(write.rid)).toEqual(['range 1 1-1.5', 'string 1 value 1 Value 1', 'token 1 1 7']);
  const located = await database.pool.query("select rid from locator where id = 'given'");
  expect(located.rows).toEqual([{ rid: write.rid }]);
  expect(await versions(write.rid)).toEqual(['1 now false']);
});

test('the id that the server gives needs no row of its own', async () => {
  const write = prepared();
  await applyWrites(database.pool, [write]);
  expect((await database.pool.query('select 1 from locator where rid = $1', [write.rid])).rowCount).toBe(0);
});

test('a change keeps what was before, adds the new rows and removes exactly the old ones', async () => {
  const other = prepared({ add: postingsOf(1, 2) });
  const write = prepared({ add: postingsOf(1, 2) });
  await applyWrites(database.pool, [other, write]);
  const { rid } = write;
  await applyWrites(database.pool, [prepared({ rid, version: 2, add: postingsOf(3), remove: postingsOf(2) })]);
  expect(await versions(rid)).toEqual(['1 before false', '2 now false']);
  expect((await postings(rid)).filter((row) => row.startsWith('token'))).toEqual(['token 1 1 7', 'token 3 3 7']);
  expect(await postings(rid)).toHaveLength(6);
  expect(await postings(other.rid)).toHaveLength(6);
});

test('rows of one key that differ only in their values are told apart when they are removed', async () => {
  const one = (lo: number, exact: string) => ({
    tokens: [],
    ranges: [{ h: '5', param: 5, lo, hi: lo }],
    strings: [{ h: '5', param: 5, value: 'same', exact }],
  });
  const both = { ...one(1, 'Same'), ranges: [...one(1, '').ranges, ...one(2, '').ranges] };
  const write = prepared({ add: { ...both, strings: [...one(1, 'Same').strings, ...one(1, 'same').strings] } });
  await applyWrites(database.pool, [write]);
  await applyWrites(database.pool, [prepared({ rid: write.rid, version: 2, remove: one(1, 'same') })]);
  expect(await postings(write.rid)).toEqual(['range 5 2-2', 'string 5 same Same']);
});

test('a deletion leaves a tombstone, and a later version brings the resource back', async () => {
  const { rid } = prepared({});
  await applyWrites(database.pool, [prepared({ rid, add: postingsOf(1) })]);
  await applyWrites(database.pool, [prepared({ rid, version: 2, deleted: true, remove: postingsOf(1) })]);
  expect(await postings(rid)).toEqual([]);
  await applyWrites(database.pool, [prepared({ rid, version: 3, add: postingsOf(4) })]);
  expect(await versions(rid)).toEqual(['1 before false', '2 before true', '3 now false']);
  expect(await postings(rid)).toHaveLength(3);
});

test('writes in conflict write nothing at all, and those beside them everything', async () => {
  const taken = prepared({ add: postingsOf(1) });
  await applyWrites(database.pool, [taken]);
  const event = { bot: 'b', interaction: 'create', due: 0 } as const;
  const full = { add: postingsOf(9), remove: postingsOf(1), events: [event] };
  const again = prepared({ rid: taken.rid, id: 'elsewhere', ...full });
  const gap = prepared({ rid: taken.rid, version: 3, ...full });
  const nothing = prepared({ version: 2, ...full });
  for (const conflict of [again, gap, nothing]) {
    const fit = prepared({ add: postingsOf(2), events: [event] });
    expect(await applyWrites(database.pool, [conflict, fit])).toEqual(new Set([fit.rid]));
    expect(await postings(fit.rid)).toHaveLength(3);
  }
  expect(await versions(taken.rid)).toEqual(['1 now false']);
  expect(await versions(nothing.rid)).toEqual([]);
  expect(await postings(taken.rid)).toHaveLength(3);
  expect((await database.pool.query("select 1 from locator where id = 'elsewhere'")).rowCount).toBe(0);
  const events = await database.pool.query('select rid from outbox where rid = $1', [taken.rid]);
  expect(events.rowCount).toBe(0);
});

test('of two statements that supersede the same version at the same time one writes', async () => {
  const write = prepared();
  await applyWrites(database.pool, [write]);
  const next = () => applyWrites(database.pool, [prepared({ rid: write.rid, version: 2, add: postingsOf(2) })]);
  const done = await Promise.all([next(), next(), next(), next()]);
  expect(done.filter((rids) => rids.size === 1)).toHaveLength(1);
  expect(await versions(write.rid)).toEqual(['1 before false', '2 now false']);
  expect(await postings(write.rid)).toHaveLength(3);
});

test('creations, changes and deletions go in one call, more than one statement takes', async () => {
  const created = Array.from({ length: 600 }, () => prepared({ add: postingsOf(1) }));
  await applyWrites(database.pool, created);
  const mixed = [
    ...created.slice(0, 300).map(({ rid }) => prepared({ rid, version: 2, add: postingsOf(2), remove: postingsOf(1) })),
    ...created.slice(300).map(({ rid }) => prepared({ rid, version: 2, deleted: true, remove: postingsOf(1) })),
    ...Array.from({ length: 500 }, () => prepared({ add: postingsOf(3) })),
  ];
  expect((await applyWrites(database.pool, mixed)).size).toBe(1100);
  const rids = mixed.map(({ rid }) => rid);
  const { rows } = await database.pool.query(
    'select h, count(*)::int as n from token_idx where rid = any($1::int8[]) group by h order by h',
    [rids],
  );
  expect(rows).toEqual([
    { h: '2', n: 300 },
    { h: '3', n: 500 },
  ]);
});

test('events are numbered within their shard in the order of the writes, after those that wait already', async () => {
  const patient = newRid(77);
  const event = (bot: string) => ({ bot, interaction: 'create', due: 0 }) as const;
  const first = prepared({ patient, events: [event('a'), event('b')] });
  const second = prepared({ patient, events: [event('c')] });
  const elsewhere = prepared({ patient: newRid(78), events: [event('d')] });
  await applyWrites(database.pool, [first, elsewhere, second]);
  await applyWrites(database.pool, [prepared({ rid: first.rid, version: 2, patient, events: [event('e')] })]);
  const { rows } = await database.pool.query(
    'select shard, n, stream, bot, version from outbox where shard in (77, 78) order by shard, n',
  );
  expect(rows).toEqual([
    { shard: 77, n: '1', stream: patient, bot: 'a', version: 1 },
    { shard: 77, n: '2', stream: patient, bot: 'b', version: 1 },
    { shard: 77, n: '3', stream: patient, bot: 'c', version: 1 },
    { shard: 77, n: '4', stream: patient, bot: 'e', version: 2 },
    { shard: 78, n: '1', stream: elsewhere.patient, bot: 'd', version: 1 },
  ]);
});

test('nothing to write is no statement', async () => {
  expect(await applyWrites(database.pool, [])).toEqual(new Set());
});
