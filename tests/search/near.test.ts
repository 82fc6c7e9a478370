import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SearchKit, searchKit } from './kit.ts';

interface Place {
  readonly id: string;
  readonly latitude: number;
  readonly longitude: number;
}

const hospitals: readonly Place[] = [
  { id: 'bergen', latitude: 60.3756, longitude: 5.3597 },
  { id: 'oslo', latitude: 59.9486, longitude: 10.736 },
  { id: 'trondheim', latitude: 63.4206, longitude: 10.3876 },
  { id: 'taveuni', latitude: -16.81, longitude: 179.96 },
  { id: 'rabi', latitude: -16.53, longitude: -179.98 },
  { id: 'pole', latitude: 89.99, longitude: 100 },
];
const degrees = (max: number) =>
  fc.oneof(
    fc.integer({ min: -max * 1000, max: max * 1000 }).map((n) => n / 1000),
    fc.constantFrom(-max, max, 0, max - 0.001),
  );
const places: readonly Place[] = [
  ...hospitals,
  ...fc
    .sample(fc.tuple(degrees(90), degrees(180)), { numRuns: 300, seed: 4 })
    .map(([latitude, longitude], n) => ({ id: `l${n}`, latitude, longitude })),
];

let kit: SearchKit;

beforeAll(async () => {
  kit = await searchKit();
  await kit.put([
    ...places.map(({ id, ...position }) => ({ resourceType: 'Location', id, position })),
    { resourceType: 'Location', id: 'nowhere', status: 'active' },
    { resourceType: 'Location', id: 'beyond', position: { latitude: 91, longitude: 5 } },
    { resourceType: 'Encounter', id: 'visit', location: [{ location: { reference: 'Location/bergen' } }] },
  ]);
});

afterAll(() => kit.close());

const ids = async (url: string): Promise<readonly string[]> => (await kit.search(url)).matches.map(({ id }) => id);

/** Along the great circle, by the angle between two vectors: another formula than the server's. */
function km(a: Place, b: Place): number {
  const vector = ({ latitude, longitude }: Place): readonly [number, number, number] => {
    const [phi, lambda] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
    return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
  };
  const [[ax, ay, az], [bx, by, bz]] = [vector(a), vector(b)];
  const cross = Math.hypot(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx);
  return Math.atan2(cross, ax * bx + ay * by + az * bz) * 6371.0088;
}

test('near finds what the great circle says, across the date line, at the poles and around the whole earth', async () => {
  const radius = fc.oneof(fc.integer({ min: 0, max: 20_100 }), fc.constantFrom(0, 1, 100, 500, 10_008, 20_015));
  const centre = fc.oneof(
    fc.record({ latitude: degrees(90), longitude: degrees(180) }),
    fc.constantFrom(...places.map(({ latitude, longitude }) => ({ latitude, longitude }))),
  );
  await fc.assert(
    fc.asyncProperty(centre, radius, fc.boolean(), async ({ latitude, longitude }, within, narrowed) => {
      const found = await kit.all(
        `Location?near=${latitude}|${longitude}|${within}|km&_count=500${narrowed ? '&_lastUpdated=ge2026' : ''}`,
      );
      for (const place of places) {
        const distance = km({ id: '', latitude, longitude }, place);
        if (Math.abs(distance - within) > 1e-3) {
          expect(found.includes(place.id), `${place.id} at ${distance} km`).toBe(distance < within);
        }
      }
      expect(found).not.toContain('nowhere');
      expect(found).not.toContain('beyond');
    }),
    { numRuns: 300, seed: 9 },
  );
});

describe('near', () => {
  const bergen = '60.39|5.32';
  const where = 'bergen,oslo,trondheim,taveuni,rabi,pole';
  test.each([
    [`${bergen}|10|km`, ['bergen']],
    [`${bergen}|310|km`, ['bergen', 'oslo']],
    [`${bergen}|310`, ['bergen', 'oslo']],
    [`${bergen}|310000|m`, ['bergen', 'oslo']],
    [`${bergen}|200|%5Bmi_i%5D`, ['bergen', 'oslo']],
    [`${bergen}|1|km`, []],
    [bergen, ['bergen']],
    [`${bergen}|`, ['bergen']],
    [`${bergen}||`, ['bergen']],
    ['-16.6|180|60', ['taveuni', 'rabi']],
    ['-16.6|-180|60', ['taveuni', 'rabi']],
    ['90|0|2', ['pole']],
    [`${bergen}|10|km,59.95|10.7|10|km`, ['bergen', 'oslo']],
  ])('%s', async (value, expected) => {
    expect((await ids(`Location?near=${value}&_id=${where}`)).toSorted()).toEqual(expected.toSorted());
  });

  test('goes through chains, :missing and _filter', async () => {
    expect(await ids(`Encounter?location:Location.near=${bergen}|10|km`)).toEqual(['visit']);
    expect(await ids(`Encounter?location:Location.near=${bergen}|1|km`)).toEqual([]);
    expect(await ids('Location?near:missing=true')).toEqual(['nowhere']);
    expect(await ids(`Location?_filter=near eq ${bergen}|10|km and near pr true&_id=${where}`)).toEqual(['bergen']);
    expect(await ids(`Location?_filter=not(near eq ${bergen}|310|km)&_id=${where}&_sort=_id`)).toEqual([
      'pole',
      'rabi',
      'taveuni',
      'trondheim',
    ]);
  });

  test.each([
    '60',
    '60|x',
    '91|5',
    '60|181',
    '60|5|-1',
    '60|5|x',
    '60|5|1|kg',
    '60|5|1|nonsense',
    '60|5|1|km|x',
    '60|5||km',
    'ge60|5',
  ])('%s is refused', async (value) => {
    await expect(kit.search(`Location?near=${value}`)).rejects.toThrow(/near cannot be read: expected latitude/);
  });
});
