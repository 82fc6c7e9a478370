import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/kit/database.ts';
import { newRid, prepared } from '../../tests/kit/prepared-writes.ts';
import { type Caller, systemCaller } from '../model/caller.ts';
import type { StoredVersion } from '../model/stored.ts';
import { applyWrites } from './apply-writes.ts';
import { type HistoryPlace, type HistoryScope, history, historyTotal } from './history.ts';

const nobody: Caller = { name: 'nobody', kind: 'client', access: 'none' };
const patient = newRid();
const observation = newRid();
const other = newRid();

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  const version = (rid: string, type: string, number: number, updated: number, deleted = false) =>
    applyWrites(database.pool, [prepared({ rid, type, version: number, updated, deleted })]);
  await version(patient, 'Patient', 1, 10);
  await version(observation, 'Observation', 1, 20);
  await version(patient, 'Patient', 2, 30);
  await version(observation, 'Observation', 2, 40, true);
  await version(other, 'Observation', 1, 40);
  await version(patient, 'Patient', 3, 40);
});

afterAll(() => database.close());

const names = new Map([
  [patient, 'p'],
  [observation, 'o'],
  [other, 'x'],
]);

const told = (versions: readonly StoredVersion[]): string =>
  versions.map((one) => `${names.get(one.rid)}${one.version}${one.deleted ? '-' : ''}`).join(' ');

const ask = async (scope: HistoryScope, limit = 100): Promise<string> =>
  told(await history(database.pool, systemCaller, scope, limit));

test('runs from the newest version to the oldest, of one resource, a type or everything', async () => {
  expect(await ask({ rid: patient })).toBe('p3 p2 p1');
  expect(await ask({ type: 'Observation' })).toBe('x1 o2- o1');
  expect(await ask({})).toBe('x1 o2- p3 p2 o1 p1');
});

test('_since leaves out what was made before', async () => {
  expect(await ask({ since: 30 })).toBe('x1 o2- p3 p2');
  expect(await ask({ rid: patient, since: 41 })).toBe('');
});

describe('_at', () => {
  test('tells what was current at a time', async () => {
    expect(await ask({ at: { lo: 35, hi: 35 } })).toBe('p2 o1');
    expect(await ask({ at: { lo: 30, hi: 30 } })).toBe('p2 o1');
    expect(await ask({ at: { lo: 9, hi: 9 } })).toBe('');
    expect(await ask({ at: { lo: 1000, hi: 1000 } })).toBe('x1 o2- p3');
    expect(await ask({ rid: patient, at: { lo: 39, hi: 39 } })).toBe('p2');
  });

  test('of a period tells what was current at some point of it', async () => {
    expect(await ask({ rid: patient, at: { lo: 15, hi: 35 } })).toBe('p2 p1');
    expect(await ask({ rid: patient, at: { lo: 30, hi: 35 } })).toBe('p2');
    expect(await ask({ at: { lo: 0, hi: 20 } })).toBe('o1 p1');
  });

  test('pages through the same', async () => {
    expect(await pages({ at: { lo: 1000, hi: 1000 } })).toBe('x1 | o2- | p3');
  });
});

async function pages(scope: HistoryScope): Promise<string> {
  const found: string[] = [];
  let after: HistoryPlace | undefined;
  for (;;) {
    const [version] = await history(database.pool, systemCaller, { ...scope, ...(after ? { after } : {}) }, 1);
    if (version === undefined) {
      return found.join(' | ');
    }
    found.push(told([version]));
    after = version;
  }
}

test('pages follow each other without gap or double, also where versions were made in the same instant', async () => {
  expect(await pages({})).toBe('x1 | o2- | p3 | p2 | o1 | p1');
  expect(await pages({ type: 'Observation', since: 20 })).toBe('x1 | o2- | o1');
});

test('who may read nothing is told nothing', async () => {
  expect(await history(database.pool, nobody, {}, 100)).toEqual([]);
  expect(await history(database.pool, nobody, { at: { lo: 1000, hi: 1000 } }, 100)).toEqual([]);
  expect(await historyTotal(database.pool, nobody, { rid: patient, type: 'Patient' })).toBe(0);
  expect(await historyTotal(database.pool, systemCaller, { rid: patient, type: 'Patient' })).toBe(3);
});
