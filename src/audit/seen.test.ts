import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resourceTypes } from '../model/resource-types.ts';
import { ciphered, packed, unpacked } from './seen.ts';

const seen = fc.record({
  type: fc.constantFrom(...resourceTypes),
  rid: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String),
  version: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  deleted: fc.boolean(),
});
const place = fc.record({
  chain: fc.integer({ min: 1, max: 2 ** 24 - 1 }),
  n: fc.bigInt({ min: 0n, max: 2n ** 40n - 1n }).map(String),
  at: fc.integer({ min: 0, max: 2 ** 42 }),
});
const key = createSecretKey(Buffer.alloc(32, 1));

test('what is packed and encrypted is read back, whatever it is', () => {
  fc.assert(
    fc.property(fc.array(seen), place, (versions, at) => {
      expect(unpacked(ciphered(key, at, ciphered(key, at, packed(versions))))).toEqual(versions);
    }),
  );
});

test('a version takes eleven bytes', () => {
  expect(packed([{ type: 'Patient', rid: '9223372036854775807', version: 63, deleted: true }])).toHaveLength(11);
});

test('no two places, and no two times at one place, have the same key stream', () => {
  const zeros = Buffer.alloc(16);
  const streams = [
    { chain: 1, n: '2', at: 3 },
    { chain: 2, n: '1', at: 3 },
    { chain: 1, n: '3', at: 3 },
    { chain: 1, n: '2', at: 4 },
  ].map((at) => ciphered(key, at, zeros).toString('hex'));
  expect(new Set(streams).size).toBe(streams.length);
});
