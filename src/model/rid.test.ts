import fc from 'fast-check';
import { expect, test } from 'vitest';
import { idOfRid, RidAllocator, ridOfId, SHARDS, shardOfRid } from './rid.ts';

const now = Date.UTC(2026, 2, 2);
const shards = fc.integer({ min: 0, max: SHARDS - 1 });

test('a rid tells its shard, and its id leads back to it', () => {
  fc.assert(
    fc.property(
      shards,
      fc.integer({ min: 0, max: 2 ** 41 - 1 }),
      fc.double({ min: 0, max: 0.999 }),
      (shard, ms, chance) => {
        const rid = new RidAllocator(
          () => Date.UTC(2020, 0, 1) + ms,
          () => chance,
        ).next(shard);
        expect(shardOfRid(rid)).toBe(shard);
        expect(idOfRid(rid)).toMatch(/^[0-7][0-9a-f]{15}$/);
        expect(ridOfId(idOfRid(rid))).toBe(rid);
        // PostgreSQL's int8 holds it, and its formula finds the same shard
        expect(BigInt.asIntN(64, BigInt(rid))).toBe(BigInt(rid));
        expect(Number((BigInt(rid) >> 10n) & 4095n)).toBe(shard);
      },
    ),
  );
});

test('no two rids of an allocator are equal, however fast they are given', () => {
  let ms = now;
  const allocator = new RidAllocator(() => ms, Math.random);
  const given = new Set<string>();
  for (let i = 0; i < 10_000; i += 1) {
    ms += i % 3000 === 0 ? 1 : 0;
    given.add(allocator.next(i % 2));
  }
  expect(given.size).toBe(10_000);
});

test('a clock that is set back gives no rid again', () => {
  let ms = now;
  const allocator = new RidAllocator(
    () => ms,
    () => 0.5,
  );
  const given = new Set<string>();
  for (const step of [0, -1000, 500, -500, 2000, -1]) {
    ms += step;
    for (let i = 0; i < 1500; i += 1) {
      given.add(allocator.next(1));
    }
  }
  expect(given.size).toBe(9000);
});

test('later milliseconds sort behind earlier ones, whatever the shard', () => {
  let ms = now;
  const allocator = new RidAllocator(() => ms, Math.random);
  const first = BigInt(allocator.next(SHARDS - 1));
  ms += 1;
  expect(BigInt(allocator.next(0))).toBeGreaterThan(first);
});

test('patients are spread over all shards but the shared one', () => {
  const at = (chance: number): number =>
    new RidAllocator(
      () => now,
      () => chance,
    ).randomPatientShard();
  expect(at(0)).toBe(1);
  expect(at(0.999999)).toBe(SHARDS - 1);
});

test('ids of another form are no rids', () => {
  for (const id of [
    '',
    'abc',
    '0123456789abcde',
    '0123456789ABCDEF',
    '8123456789abcdef',
    '0123456789abcdef0',
    'hot-1',
  ]) {
    expect(ridOfId(id)).toBeUndefined();
  }
  expect(ridOfId('0123456789abcdef')).toBe('81985529216486895');
});
