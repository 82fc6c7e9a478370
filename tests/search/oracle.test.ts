import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { searchLimits } from '../../src/search/query/limits.ts';
import { type SearchKit, searchKit } from './kit.ts';
import { type OracleResource, satisfies, sortValue } from './oracle.ts';
import { codes, dates, maybe, names, numbers, oracleResources, some, systems } from './oracle-data.ts';

const prefixed = (values: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(some(['', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb']), some(values))
    .map(([prefix, value]) => prefix + value);
const list = (value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(value, { minLength: 1, maxLength: 3 }).map((values) => values.join(','));
const tokens = some([
  ...codes,
  ...systems.flatMap((system) => [`${system}|x`, `${system}|y`, `${system}|`]),
  '|x',
  '|y',
]);
const quantities = fc
  .tuple(
    prefixed(numbers.map(String)),
    some(['', '|http://unitsofmeasure.org|mg', '|http://unitsofmeasure.org|g', '||mg', '||tablets', '||gram']),
  )
  .map(([number, unit]) => number + unit);

type Pair = readonly [string, string];
const pair = (name: string, value: fc.Arbitrary<string>): fc.Arbitrary<Pair> => value.map((each): Pair => [name, each]);

const ofPatient: fc.Arbitrary<Pair> = fc.oneof(
  pair('gender', list(some(['male', 'female', 'other', 'unknown']))),
  pair('gender:not', list(some(['male', 'female']))),
  pair('birthdate', list(prefixed(dates))),
  pair('identifier', list(tokens)),
  pair('identifier:not', list(tokens)),
  pair('name', list(some(['a', 'al', 'ALM', 'berg', 'b', 'dal', 'byå', 'berg alm']))),
  pair('name:exact', list(some(names))),
  pair('name:contains', some(['l', 'eng', 'er', 'm b'])),
  pair('gender:missing', some(['true', 'false'])),
  pair('birthdate:missing', some(['true', 'false'])),
);
const ofObservation: fc.Arbitrary<Pair> = fc.oneof(
  pair('status', some(['final', 'preliminary'])),
  pair('code', list(tokens)),
  pair('code:not', list(tokens)),
  pair('date', list(prefixed(dates))),
  pair('value-quantity', list(quantities)),
  pair('date:missing', some(['true', 'false'])),
  pair('subject:missing', some(['true', 'false'])),
  pair(
    'subject',
    fc.nat(30).map((n) => `Patient/p${n}`),
  ),
  pair(
    'subject',
    fc.nat(30).map((n) => `p${n}`),
  ),
);
const chained = (prefix: string, inner: fc.Arbitrary<Pair>): fc.Arbitrary<Pair> =>
  inner.map(([name, value]): Pair => [`${prefix}${name}`, value]);

const patientSearch = fc.record({
  type: fc.constant('Patient'),
  where: fc.array(fc.oneof(ofPatient, chained('_has:Observation:subject:', ofObservation)), { maxLength: 3 }),
  sort: maybe(some(['birthdate', '-birthdate', 'name', '-name'])),
});
const observationSearch = fc.record({
  type: fc.constant('Observation'),
  where: fc.array(fc.oneof(ofObservation, chained('subject:Patient.', ofPatient), chained('subject.', ofPatient)), {
    maxLength: 3,
  }),
  sort: maybe(some(['date', '-date', 'value-quantity', '-value-quantity', '-date,value-quantity'])),
});

let kit: SearchKit;
let all: readonly OracleResource[];

beforeAll(async () => {
  kit = await searchKit();
  all = oracleResources();
  await kit.put(all.map((resource) => JSON.parse(JSON.stringify(resource))));
});

afterAll(() => kit.close());

function expected(type: string, where: readonly Pair[], sort: string | undefined): readonly string[] {
  const found = all
    .map((resource, position) => ({ resource, position }))
    .filter(
      ({ resource }) =>
        resource.resourceType === type && where.every(([name, value]) => satisfies(resource, name, value, all)),
    );
  const keys = (sort ?? '')
    .split(',')
    .filter((key) => key !== '')
    .map((key) => ({ code: key.replace(/^-/, ''), down: key.startsWith('-') }));
  const later = keys[0]?.down ? -1 : 1;
  found.sort((a, b) => {
    for (const { code, down } of keys) {
      const x = sortValue(a.resource, code, down);
      const y = sortValue(b.resource, code, down);
      if (x !== y) {
        return x === undefined ? 1 : y === undefined ? -1 : x < y === down ? 1 : -1;
      }
    }
    return (a.position - b.position) * later;
  });
  return found.map(({ resource }) => resource.id);
}

// Collecting, merging and walking must answer the same: limits of 0 make every search with an order walk.
test.each([
  [0, 0],
  [3, 100],
  [5000, 100],
])(
  'generated searches find, in order and page by page, what looking at every resource finds (collecting up to %i, merging below %i)',
  async (collect_max, joint_min) => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(patientSearch, observationSearch),
        fc.integer({ min: 1, max: 40 }),
        async ({ type, where, sort }, count) => {
          const query = new URLSearchParams([
            ...where.map(([name, value]): [string, string] => [name, value]),
            ...(sort ? [['_sort', sort] satisfies Pair] : []),
            ['_count', String(count)],
          ]);
          const found = await kit.all(`${type}?${query}`, { limits: { ...searchLimits, collect_max, joint_min } });
          expect(found).toEqual(expected(type, where, sort));
        },
      ),
      { numRuns: 150, seed: collect_max + 7 },
    );
  },
);
