import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packedHeads, packedPlaces, sealHash, unpackedHeads, unpackedPlaces } from './seal.ts';

const places = fc
  .uniqueArray(fc.bigInt({ min: 0n, max: 2n ** 40n }))
  .map((all) => all.toSorted((a, b) => (a < b ? -1 : 1)));

test('the places of rows are read back, however far apart they are', () => {
  fc.assert(
    fc.property(places, (all) => {
      expect(unpackedPlaces(packedPlaces(all))).toEqual(all);
    }),
  );
});

test('neighbouring places take a byte each', () => {
  expect(packedPlaces(Array.from({ length: 100 }, (_, n) => BigInt(n + 5000)))).toHaveLength(8 + 99);
});

test('heads are read back', () => {
  const heads = [
    { chain: 1, number: 2, hash: 'ab'.repeat(32) },
    { chain: 2 ** 31 - 1, number: 7, hash: '00'.repeat(32) },
  ];
  expect(unpackedHeads(packedHeads(heads))).toEqual(heads);
});

test('the hash of a link depends on all that it covers, and on the key', () => {
  const key = createSecretKey(Buffer.alloc(32, 1));
  const seal = { chain: 1, number: 2, at: 3, low: '4', high: '5', kind: 0, rows: packedPlaces([5n]) };
  const [previous, row] = [Buffer.alloc(32, 2), Buffer.from('row')];
  const hashes = [
    sealHash(key, seal, previous, [row]),
    sealHash(createSecretKey(Buffer.alloc(32, 9)), seal, previous, [row]),
    sealHash(key, seal, Buffer.alloc(32, 9), [row]),
    sealHash(key, seal, previous, [Buffer.from('roW')]),
    sealHash(key, seal, previous, []),
    ...Object.entries({ chain: 9, number: 9, at: 9, low: '9', high: '9', kind: 1, rows: packedPlaces([6n]) }).map(
      ([name, value]) => sealHash(key, { ...seal, [name]: value }, previous, [row]),
    ),
  ].map((hash) => hash.toString('hex'));
  expect(new Set(hashes).size).toBe(hashes.length);
});
