import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/kit/database.ts';
import { prepared, targetOf } from '../../tests/kit/prepared-writes.ts';
import { applyWrites } from './apply-writes.ts';
import type { PreparedWrite, Target } from './prepared-write.ts';
import { faultyTargets } from './targets.ts';

let database: TestDatabase;
const there = prepared({ type: 'Patient' });
const deleted = prepared({ type: 'Patient' });

beforeAll(async () => {
  database = await testDatabase();
  await applyWrites(database.pool, [there, deleted]);
  await applyWrites(database.pool, [prepared({ rid: deleted.rid, type: 'Patient', version: 2, deleted: true })]);
});

afterAll(() => database.close());

const faultOf = async (
  target: Target,
  options: { others?: PreparedWrite[]; together?: boolean } = {},
): Promise<string | undefined> => {
  const writes = [prepared({ targets: [target] }), ...(options.others ?? [])];
  return (await faultyTargets(database.pool, writes, options.together ?? true)).get(target);
};

test('a target that is there holds', async () => {
  expect(await faultOf(targetOf(there))).toBeUndefined();
});

test('one that never was, was deleted, or is of another type is missing', async () => {
  expect(await faultOf(targetOf(prepared()))).toBe('missing');
  expect(await faultOf(targetOf(deleted))).toBe('missing');
  expect(await faultOf(targetOf(there, { type: 'Group' }))).toBe('missing');
});

test('one of another version than the write was judged by has changed', async () => {
  expect(await faultOf(targetOf(there, { version: 1 }))).toBeUndefined();
  expect(await faultOf(targetOf(there, { version: 2 }))).toBe('changed');
});

test('writes that are done together count as they will be', async () => {
  const created = prepared({ type: 'Patient' });
  const restored = prepared({ rid: deleted.rid, type: 'Patient', version: 3 });
  const gone = prepared({ rid: there.rid, type: 'Patient', version: 2, deleted: true });
  expect(await faultOf(targetOf(created), { others: [created] })).toBeUndefined();
  expect(await faultOf(targetOf(restored), { others: [restored] })).toBeUndefined();
  expect(await faultOf(targetOf(there), { others: [gone] })).toBe('missing');
  expect(await faultOf(targetOf(created, { type: 'Group' }), { others: [created] })).toBe('missing');
});

test('writes that may be left out do not hold each other up', async () => {
  const created = prepared({ type: 'Patient' });
  expect(await faultOf(targetOf(created), { others: [created], together: false })).toBe('missing');
});

test.each([true, false])('a resource may refer to itself, new or restored (together: %s)', async (together) => {
  const rid = prepared().rid;
  const fresh = prepared({ rid, type: 'Patient', targets: [targetOf(prepared({ rid, type: 'Patient' }))] });
  const restored = prepared({ rid: deleted.rid, type: 'Patient', version: 3, targets: [targetOf(deleted)] });
  expect(await faultyTargets(database.pool, [fresh, restored], together)).toEqual(new Map());
});

test('a wrong reference of one write is no fault of another that refers to the same rid rightly', async () => {
  const wrong = targetOf(there, { type: 'Group' });
  const right = targetOf(there);
  const writes = [prepared({ targets: [wrong] }), prepared({ targets: [right] })];
  expect(await faultyTargets(database.pool, writes, false)).toEqual(new Map([[wrong, 'missing']]));
});
