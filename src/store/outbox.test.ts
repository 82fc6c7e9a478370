import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/kit/database.ts';
import { newRid, prepared } from '../../tests/kit/prepared-writes.ts';
import type { Rid } from '../model/rid.ts';
import { applyWrites } from './apply-writes.ts';
import {
  dueEvents,
  failEvent,
  finishEvents,
  nextDue,
  type OutboxRow,
  outboxState,
  takeEvents,
  tryParked,
} from './outbox.ts';

let database: TestDatabase;
const anna = newRid(3);
const bent = newRid(4);

beforeAll(async () => {
  database = await testDatabase();
});

beforeEach(() => database.pool.query('truncate outbox'));

afterAll(() => database.close());

/** Leaves events in the order given: patient, bot, due. */
async function leave(...events: [Rid, string, number][]): Promise<void> {
  for (const [patient, bot, due] of events) {
    await applyWrites(database.pool, [
      prepared({ patient, updated: 5, events: [{ bot, interaction: 'create', due }] }),
    ]);
  }
}

const due = async (now: number, limit = 100): Promise<string> =>
  (await dueEvents(database.pool, now, limit)).map(({ bot }) => bot).join(' ');

async function event(bot: string): Promise<OutboxRow> {
  const found = (await dueEvents(database.pool, 1e9, 100)).find((row) => row.bot === bot);
  if (found === undefined) {
    throw new Error(`${bot} is not due`);
  }
  return found;
}

test('events of a patient come in the order of the writes, when they are due', async () => {
  await leave([anna, 'a1', 0], [anna, 'a2', 0], [bent, 'b1', 0], [anna, 'a3', 500], [anna, 'a4', 0]);
  expect(await due(100)).toBe('a1 a2 a4 b1');
  expect(await due(500)).toBe('a1 a2 a4 b1 a3');
  expect(await due(500, 2)).toBe('a1 a2');
  expect(await nextDue(database.pool, 100)).toBe(500);
  expect(await nextDue(database.pool, 500)).toBeUndefined();
});

test('an event that failed comes again later, and holds up its patient until then, but nobody else', async () => {
  await leave([anna, 'a1', 0], [anna, 'a2', 0], [bent, 'b1', 0]);
  await failEvent(database.pool, await event('a1'), 'why', 900);
  expect(await due(100)).toBe('b1');
  expect(await nextDue(database.pool, 100)).toBe(900);
});

test('when its time has come it is tried before those that waited behind it', async () => {
  await leave([anna, 'a1', 0], [anna, 'a2', 0]);
  await failEvent(database.pool, await event('a1'), 'why', 900);
  const second = { shard: 3, n: '2' };
  expect(await due(900)).toBe('a1');
  expect(await takeEvents(database.pool, [second], 900)).toEqual([]);
  await finishEvents(database.pool, [await event('a1')]);
  expect(await due(900)).toBe('a2');
  expect(await takeEvents(database.pool, [second], 900)).toMatchObject([{ bot: 'a2' }]);
});

test('an event that is parked holds up nobody', async () => {
  await leave([anna, 'a1', 0], [anna, 'a2', 0]);
  await failEvent(database.pool, await event('a1'), 'why', undefined);
  expect(await due(100)).toBe('a2');
  const { rows } = await database.pool.query('select bot, attempts, problem from outbox where parked');
  expect(rows).toEqual([{ bot: 'a1', attempts: 1, problem: 'why' }]);
});

test('parked events of a bot are taken up again for one attempt, and park at once where that fails', async () => {
  await leave([anna, 'a1', 0], [bent, 'b1', 0]);
  for (const bot of ['a1', 'b1']) await failEvent(database.pool, await event(bot), 'why', undefined);
  expect(await tryParked(database.pool, 'a1', 8, 10)).toBe(1);
  expect(await due(100)).toBe('a1');
  const { rows } = await database.pool.query('select bot, attempts, parked from outbox order by bot');
  expect(rows).toEqual([
    { bot: 'a1', attempts: 7, parked: false },
    { bot: 'b1', attempts: 1, parked: true },
  ]);
});

test('a failure is noted once, and never for another event that has taken the number', async () => {
  await leave([anna, 'a1', 0]);
  const listed = await event('a1');
  await failEvent(database.pool, listed, 'first', 900);
  await failEvent(database.pool, listed, 'second', 900);
  const attempts = await database.pool.query('select attempts, problem from outbox');
  expect(attempts.rows).toEqual([{ attempts: 1, problem: 'first' }]);
  await finishEvents(database.pool, [listed]);
  await leave([anna, 'other', 0]);
  await failEvent(database.pool, listed, 'late', undefined);
  expect(await due(100)).toBe('other');
});

test('an event is taken by one at a time, and by nobody once it is done', async () => {
  await leave([anna, 'a1', 0]);
  const one = await database.pool.connect();
  const two = await database.pool.connect();
  await one.query('begin');
  await two.query('begin');
  const taken = await takeEvents(one, [{ shard: 3, n: '1' }], 100);
  expect(taken).toMatchObject([{ bot: 'a1', shard: 3, type: 'Observation', interaction: 'create', due: 0 }]);
  expect(await takeEvents(two, [{ shard: 3, n: '1' }], 100)).toEqual([]);
  await finishEvents(one, [await event('a1')]);
  await one.query('commit');
  expect(await takeEvents(two, [{ shard: 3, n: '1' }], 100)).toEqual([]);
  await two.query('commit');
  one.release();
  two.release();
  expect(await due(100)).toBe('');
});

test('an event that is not due, or is parked, is not taken', async () => {
  await leave([anna, 'a1', 500], [bent, 'b1', 0]);
  expect(await takeEvents(database.pool, [{ shard: 3, n: '1' }], 499)).toEqual([]);
  await failEvent(database.pool, await event('b1'), 'why', undefined);
  expect(await takeEvents(database.pool, [{ shard: 4, n: '1' }], 499)).toEqual([]);
});

test('the state tells what waits, what is parked, and for how long', async () => {
  await leave([anna, 'a1', 0], [anna, 'a2', 900], [bent, 'b1', 0]);
  await failEvent(database.pool, await event('b1'), 'why', undefined);
  expect(await outboxState(database.pool, 105)).toEqual({ depth: 1, later: 1, parked: 1, lagMs: 100 });
});
