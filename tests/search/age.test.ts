import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { birthBoxes } from '../../src/search/query/values/age.ts';
import { type SearchKit, searchKit } from './kit.ts';

/** In whole years, as birthdays are counted: who was born on 29 February has one on 1 March in other years. */
function ageOn(day: Date, born: Date): number {
  const years = day.getUTCFullYear() - born.getUTCFullYear();
  const had =
    day.getUTCMonth() > born.getUTCMonth() ||
    (day.getUTCMonth() === born.getUTCMonth() && day.getUTCDate() >= born.getUTCDate());
  return had ? years : years - 1;
}

const DAY_MS = 86_400_000;
const day = (from: string, to: string): fc.Arbitrary<Date> =>
  fc
    .integer({ min: Date.parse(from) / DAY_MS, max: Date.parse(to) / DAY_MS })
    .map((days) => new Date(days * DAY_MS + 7_200_000));
const leapDays = fc.constantFrom('2024-02-28', '2024-02-29', '2024-03-01', '2023-02-28', '2023-03-01');

test('an age asked for is that of those who had so many birthdays', () => {
  const prefixes: Readonly<Record<string, (age: number, asked: number) => boolean>> = {
    '': (age, asked) => age === asked,
    ne: (age, asked) => age !== asked,
    gt: (age, asked) => age > asked,
    ge: (age, asked) => age >= asked,
    lt: (age, asked) => age < asked,
    le: (age, asked) => age <= asked,
  };
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(prefixes)),
      fc.integer({ min: 0, max: 100 }),
      fc.oneof(
        day('2020-01-01', '2030-12-31'),
        leapDays.map((text) => new Date(text)),
      ),
      fc.oneof(
        day('1940-01-01', '2019-12-31'),
        leapDays.map((text) => new Date(text.replace('202', '200'))),
      ),
      (prefix, asked, now, born) => {
        const lo = Math.floor(born.getTime() / DAY_MS) * DAY_MS;
        const hi = lo + DAY_MS - 1;
        const found = birthBoxes('age', `${prefix}${asked}`, now).some(
          (box) => lo >= box.loMin && lo <= box.loMax && hi >= box.hiMin && hi <= box.hiMax,
        );
        expect(found).toBe(prefixes[prefix]?.(ageOn(now, born), asked));
      },
    ),
    { numRuns: 3000 },
  );
});

describe('Patient', () => {
  let kit: SearchKit;

  // On 2 March 2026.
  beforeAll(async () => {
    kit = await searchKit();
    await kit.put([
      { resourceType: 'Patient', id: 'eighteen', birthDate: '2008-03-02', multipleBirthBoolean: true },
      { resourceType: 'Patient', id: 'seventeen', birthDate: '2008-03-03', multipleBirthInteger: 2 },
      { resourceType: 'Patient', id: 'in-1960', birthDate: '1960', multipleBirthBoolean: false },
      { resourceType: 'Patient', id: 'died', birthDate: '1960-01-01', deceasedBoolean: true },
      { resourceType: 'Patient', id: 'died-on', birthDate: '1960-01-01', deceasedDateTime: '2020-01-01' },
      { resourceType: 'Patient', id: 'lives', birthDate: '1960-01-01', deceasedBoolean: false },
      { resourceType: 'Patient', id: 'unknown' },
      { resourceType: 'Observation', id: 'of-lives', status: 'final', subject: { reference: 'Patient/lives' } },
    ]);
  });

  afterAll(() => kit.close());

  test.each([
    ['Patient?age=18', ['eighteen']],
    ['Patient?age=17', ['seventeen']],
    ['Patient?age=17,18', ['eighteen', 'seventeen']],
    ['Patient?age=lt18', ['seventeen']],
    ['Patient?age=ge18', ['eighteen', 'in-1960', 'lives']],
    ['Patient?age=gt18&age=lt70', ['in-1960', 'lives']],
    // Born in 1960: 65 or 66.
    ['Patient?age=66', ['lives']],
    ['Patient?age=ge65', ['in-1960', 'lives']],
    ['Patient?age=-1', []],
    ['Patient?age:missing=true', ['unknown']],
    ['Patient?_filter=age ge 18 and age lt 60', ['eighteen']],
    ['Patient?_filter=not (age ge 18)', ['died', 'died-on', 'seventeen', 'unknown']],
    ['Observation?subject:Patient.age=66', ['of-lives']],
    ['Patient?birthOrderBoolean=true', ['eighteen', 'seventeen']],
    ['Patient?birthOrderBoolean=false', ['in-1960']],
    ['Patient?birthOrderBoolean:missing=false', ['eighteen', 'in-1960', 'seventeen']],
    ['Patient?_sort=-birthOrderBoolean&birthOrderBoolean=true,false', ['eighteen', 'in-1960', 'seventeen']],
  ])('%s', async (url, expected) => {
    expect([...(await kit.all(url))].sort()).toEqual(expected);
  });
});
