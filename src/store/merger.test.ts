import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/kit/database.ts';
import { postingsOf, prepared, targetOf } from '../../tests/kit/prepared-writes.ts';
import { applyWrites } from './apply-writes.ts';
import { lockShard, takeLocks } from './locks.ts';
import { Merger } from './merger.ts';
import type { PreparedWrite } from './prepared-write.ts';

let database: TestDatabase;
let pool: pg.Pool;
let merger: Merger;

beforeAll(async () => {
  database = await testDatabase();
});

afterAll(() => database.close());

beforeEach(() => {
  pool = new pg.Pool({ connectionString: database.url, max: 1, pipeline: true } as pg.PoolConfig);
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', () => undefined);
  merger = new Merger(pool, 1);
});

afterEach(() => pool.end());

const stateOf = (write: PreparedWrite): Promise<string> =>
  merger.write(write).then(
    ({ state }) => state,
    (failure: { code?: string }) => `failed ${failure.code}`,
  );

const states = (...writes: PreparedWrite[]): Promise<string[]> => Promise.all(writes.map(stateOf));

const stored = async (write: PreparedWrite): Promise<number> =>
  (await database.pool.query('select 1 from resource where rid = $1 and version = $2', [write.rid, write.version]))
    .rowCount ?? 0;

/** How many transactions have written resources. */
const commits = async (writes: readonly PreparedWrite[]): Promise<number> => {
  const { rows } = await database.pool.query('select distinct xmin::text from resource where rid = any($1::int8[])', [
    writes.map(({ rid }) => rid),
  ]);
  return rows.length;
};

test('writes that come together share a commit', async () => {
  const writes = Array.from({ length: 20 }, () => prepared({ add: postingsOf(1) }));
  expect(new Set(await states(...writes))).toEqual(new Set(['done']));
  expect(await commits(writes)).toBe(1);
});

test('one that PostgreSQL refuses fails alone', async () => {
  const poisoned = prepared({ content: 'a NUL \u0000 inside' });
  const writes = [prepared(), poisoned, prepared({ add: postingsOf(1) })];
  expect(await states(...writes)).toEqual(['done', 'failed 22021', 'done']);
  expect(await Promise.all(writes.map(stored))).toEqual([1, 0, 1]);
});

test('an id that was given elsewhere meanwhile fails alone, as a conflict of uniqueness', async () => {
  await applyWrites(database.pool, [prepared({ id: 'once' })]);
  expect(await states(prepared(), prepared({ id: 'once' }), prepared())).toEqual(['done', 'failed 23505', 'done']);
});

test('of two writes of one resource in a batch the later is in conflict, and so is one of an old version', async () => {
  const write = prepared();
  const next = prepared({ rid: write.rid, version: 2 });
  expect(await states(write, next)).toEqual(['done', 'conflict']);
  expect(await states(next, prepared({ rid: write.rid, version: 2 }))).toEqual(['done', 'conflict']);
  expect(await states(next, prepared())).toEqual(['conflict', 'done']);
  expect(await states(prepared({ id: 'same' }), prepared({ id: 'same' }))).toEqual(['done', 'conflict']);
});

test('a faulty reference is told to the write that has it', async () => {
  const nobody = targetOf(prepared({ type: 'Patient' }));
  const faulty = prepared({ targets: [nobody] });
  const [first, second] = await Promise.all([merger.write(faulty), merger.write(prepared())]);
  expect(first).toEqual({ state: 'faulty', faults: new Map([[nobody, 'missing']]) });
  expect(second).toEqual({ state: 'done' });
  expect(await stored(faulty)).toBe(0);
});

test('a write that refers to one of the same batch is not stored without it', async () => {
  const held = await database.pool.connect();
  await held.query('begin');
  const patient = prepared({ type: 'Patient' });
  await takeLocks(held, { exclusive: [lockShard(patient)], shared: [], targets: [], deleted: [] });
  const referring = prepared({ rid: prepared({}).rid, patient: undefined, targets: [targetOf(patient)] });
  const elsewhere = { ...referring, rid: String(BigInt(referring.rid) + 1024n) };
  expect(await states(patient, elsewhere)).toEqual(['busy', 'faulty']);
  await held.query('rollback');
  held.release();
});

test('a write whose patient somebody holds leaves the batch at once; the others are done', async () => {
  const held = await database.pool.connect();
  await held.query('begin');
  const patient = prepared({ type: 'Patient' });
  await takeLocks(held, { exclusive: [lockShard(patient)], shared: [], targets: [], deleted: [] });
  const other = prepared({ rid: String(BigInt(patient.rid) + 5n * 1024n) });
  expect(await states(prepared({ patient: patient.rid }), other)).toEqual(['busy', 'done']);
  await held.query('rollback');
  held.release();
  expect(await states(prepared({ patient: patient.rid }))).toEqual(['done']);
});

test('after a lost connection nobody knows: every write of the batch fails, none is tried again', async () => {
  const locked = await database.pool.connect();
  await locked.query('begin');
  await locked.query('lock table resource in access exclusive mode');
  const writes = [prepared(), prepared()];
  const failing = Promise.all(writes.map((write) => merger.write(write).catch((failure: unknown) => failure)));
  const waiting = `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  let pid: number | undefined;
  while (pid === undefined) {
    pid = (await database.pool.query<{ pid: number }>(waiting)).rows[0]?.pid;
  }
  await locked.query('select pg_terminate_backend($1)', [pid]);
  const failures = await failing;
  expect(failures.every((failure) => failure instanceof Error)).toBe(true);
  await locked.query('rollback');
  locked.release();
  expect(await Promise.all(writes.map(stored))).toEqual([0, 0]);
  expect(await states(prepared())).toEqual(['done']);
});

test('a database that is not there fails the writes, and does not stop the merger', async () => {
  const nowhere = new pg.Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
  const lost = new Merger(nowhere, 1);
  await expect(lost.write(prepared())).rejects.toThrow();
  await expect(lost.write(prepared())).rejects.toThrow();
});

test('more writes than a batch takes are all done', async () => {
  const several = new Merger(pool, 1);
  const writes = Array.from({ length: 300 }, () => prepared());
  const done = await Promise.all(writes.map((write) => several.write(write)));
  expect(new Set(done.map(({ state }) => state))).toEqual(new Set(['done']));
  expect(await commits(writes)).toBeLessThan(10);
});

test('events of merged writes are numbered without gaps or doubles', async () => {
  const two = new pg.Pool({ connectionString: database.url, max: 3, pipeline: true } as pg.PoolConfig);
  const several = new Merger(two, 3);
  const patient = prepared({ type: 'Patient' });
  const event = { bot: 'counting', interaction: 'create', due: 0 } as const;
  const until = async (write: PreparedWrite): Promise<void> => {
    while ((await several.write(write)).state !== 'done') {
      // busy: another batch holds the patient
    }
  };
  await Promise.all(Array.from({ length: 100 }, () => until(prepared({ patient: patient.rid, events: [event] }))));
  const { rows } = await database.pool.query<{ n: string }>("select n from outbox where bot = 'counting' order by n");
  expect(rows.map(({ n }) => Number(n))).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  await two.end();
});
