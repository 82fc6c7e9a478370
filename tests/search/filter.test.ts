import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Queryable } from '../../src/model/queryable.ts';
import { searchLimits } from '../../src/search/query/limits.ts';
import { parseSearch } from '../../src/search/query/parse.ts';
import { search } from '../../src/search/query/run.ts';
import { baseUrl, client, now, parameters, type SearchKit, searchKit } from './kit.ts';
import { type OracleResource, satisfies } from './oracle.ts';
import { codes, dates, names, numbers, oracleResources, some, systems } from './oracle-data.ts';

let kit: SearchKit;
const all = oracleResources();

beforeAll(async () => {
  kit = await searchKit();
  await kit.put(all.map((resource) => JSON.parse(JSON.stringify(resource))));
});

afterAll(() => kit.close());

/** A filter as text, and what it says of a resource. */
interface Said {
  readonly text: string;
  readonly holds: (resource: OracleResource) => boolean;
}

/** By an ordinary search that asks the same, or a modifier that only the oracle has. */
const said = (text: string, name: string, value: string): Said => ({
  text,
  holds: (resource) => satisfies(resource, name, value, all),
});
const both = (first: Said, second: Said, text = first.text): Said => ({
  text,
  holds: (resource) => first.holds(resource) && second.holds(resource),
});
const negated = (of: Said, text: string): Said => ({ text, holds: (resource) => !of.holds(resource) });

const compare = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb'] as const;
const dated = (code: string): fc.Arbitrary<Said> =>
  fc
    .tuple(some([...compare, 'po'] as const), some(dates))
    .map(([operator, date]) =>
      operator === 'po'
        ? said(`${code} po ${date}`, `${code}:po`, date)
        : said(`${code} ${operator} ${date}`, code, `${operator}${date}`),
    );
const coded = (code: string, values: readonly string[]): fc.Arbitrary<Said> =>
  fc
    .tuple(some(['eq', 'ne'] as const), some(values))
    .map(([operator, value]) =>
      operator === 'eq'
        ? said(`${code} eq ${value}`, code, value)
        : both(said(`${code} ne ${value}`, `${code}:not`, value), said('', `${code}:missing`, 'false')),
    );
const present = (code: string): fc.Arbitrary<Said> =>
  fc.boolean().map((is) => said(`${code} pr ${is}`, `${code}:missing`, String(!is)));
const tokens = [...codes, ...systems.flatMap((system) => [`${system}|x`, `${system}|`]), '|y'];

const ofPatient: fc.Arbitrary<Said> = fc.oneof(
  coded('gender', ['male', 'female', 'unknown']),
  coded('identifier', tokens),
  dated('birthdate'),
  present('birthdate'),
  present('name'),
  fc
    .tuple(
      some(['eq', 'ne', 'co', 'sw', 'ew'] as const),
      some([...names, 'al', 'ALM', 'rg', 'b', 'eng', 'berg alm', 'å']),
    )
    .map(([operator, text]) => {
      const modifier = { eq: ':eq', ne: ':ne', co: ':contains', sw: '', ew: ':ew' }[operator];
      return said(`name ${operator} ${JSON.stringify(text)}`, `name${modifier}`, text);
    }),
  fc.nat(31).map((n) => said(`_id eq p${n}`, '_id', `p${n}`)),
);

const inSubject = (inner: Said): Said => ({
  text: `subject.${inner.text}`,
  holds: (resource) =>
    resource.resourceType === 'Observation' &&
    all.some((other) => resource.subject?.reference === `${other.resourceType}/${other.id}` && inner.holds(other)),
});

const chained: fc.Arbitrary<Said> = fc.oneof(
  ofPatient.filter(({ text }) => !text.endsWith(' pr false')).map(inSubject),
  // Nothing is found by the path.
  some(['name', 'birthdate']).map((code) =>
    negated(inSubject(said('', `${code}:missing`, 'false')), `subject.${code} pr false`),
  ),
  fc
    .tuple(ofPatient, ofPatient)
    .filter(([, last]) => !last.text.endsWith(' pr false'))
    .map(([first, last]) => ({
      ...inSubject(both(first, last)),
      text: `subject:Patient[${first.text}].${last.text}`,
    })),
);

const ofObservation: fc.Arbitrary<Said> = fc.oneof(
  coded('status', ['final', 'preliminary']),
  coded('code', tokens),
  dated('date'),
  present('date'),
  present('subject'),
  fc
    .tuple(some(compare), some(numbers), some(['', '|http://unitsofmeasure.org|mg', '||tablets']))
    .map(([operator, number, unit]) =>
      said(`value-quantity ${operator} ${number}${unit}`, 'value-quantity', `${operator}${number}${unit}`),
    ),
  fc.nat(30).map((n) => said(`subject re Patient/p${n}`, 'subject', `Patient/p${n}`)),
  chained,
);

/** `and`, `or` from left to right, `not (…)`, parentheses. */
function joined(leaf: fc.Arbitrary<Said>): fc.Arbitrary<Said> {
  const { filter } = fc.letrec<{ filter: Said; term: Said }>((tie) => ({
    term: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      tie('filter').map(({ text, holds }) => ({ text: `(${text})`, holds })),
      tie('filter').map((of) => negated(of, `not (${of.text})`)),
    ),
    filter: fc
      .tuple(tie('term'), fc.array(fc.tuple(some(['and', 'or'] as const), tie('term')), { maxLength: 3 }))
      .map(([first, more]) =>
        more.reduce<Said>(
          (left, [word, right]) => ({
            text: `${left.text} ${word} ${right.text}`,
            holds: (resource) =>
              word === 'and'
                ? left.holds(resource) && right.holds(resource)
                : left.holds(resource) || right.holds(resource),
          }),
          first,
        ),
      ),
  }));
  return filter;
}

test.each([
  [0, 0],
  [3, 100],
  [5000, 100],
])(
  'generated filters find what looking at every resource finds (collecting up to %i, merging below %i)',
  async (collect_max, joint_min) => {
    const limits = { ...searchLimits, collect_max, joint_min };
    const asked = fc.oneof(
      joined(ofPatient).map((filter) => ({ type: 'Patient', filter })),
      joined(ofObservation).map((filter) => ({ type: 'Observation', filter })),
    );
    await fc.assert(
      fc.asyncProperty(asked, fc.constantFrom('', '_id', '-_lastUpdated'), async ({ type, filter }, sort) => {
        const query = new URLSearchParams({ _filter: filter.text, _count: '30', ...(sort ? { _sort: sort } : {}) });
        const found = await kit.all(`${type}?${query}`, { limits });
        const expected = all.filter((each) => each.resourceType === type && filter.holds(each)).map(({ id }) => id);
        expect(found.toSorted(), filter.text).toEqual(expected.toSorted());
      }),
      { numRuns: 200, seed: collect_max + 5 },
    );
  },
);

describe('a filter', () => {
  test('stands beside other parameters, and its criteria find the matches by their indexes', async () => {
    const found = await kit.all('Observation?status=final&_filter=subject.gender eq male or subject.gender eq female');
    const expected = all.filter(
      (each) =>
        each.resourceType === 'Observation' &&
        satisfies(each, 'status', 'final', all) &&
        satisfies(each, 'subject.gender', 'male,female', all),
    );
    expect(found).toEqual(expected.map(({ id }) => id));
  });

  test.each([
    ['name co', /a comparison/],
    ['name co ', /expected a value/],
    ['name like "x"', /expected one of eq, ne/],
    ['name eq "x', /a string that ends/],
    ['name eq "\\x"', /a JSON string/],
    ['(name eq x', /expected \)/],
    ['name eq x)', /and, or, or the end/],
    ['name eq x birthdate eq 2020', /and, or, or the end/],
    ['not name eq x', /one of eq, ne/],
    ['subject[name eq x] eq y', /\] and a dot/],
    ['name pr maybe', /true or false/],
    ['name gt x', /\(string\) cannot be compared by gt/],
    ['gender co x', /\(token\) cannot be compared by co/],
    ['birthdate eq x', /expected a date/],
    ['nonsense eq x', /no search parameter "nonsense"/],
    ['name:exact eq x', /has no modifier/],
    ['name.given eq x', /not a reference/],
    ['gender in http://example.org/vs', /needs terminology/],
    [Array.from({ length: 101 }, () => 'name eq x').join(' and '), /at most 100 comparisons/],
    [`${'('.repeat(50)}name eq x`, /nested 20 deep/],
  ])('%s is refused', async (filter, message) => {
    await expect(kit.search(`Patient?_filter=${encodeURIComponent(filter)}`)).rejects.toThrow(message);
  });

  test('is passed over for a lenient client where it names what is not known, not where it cannot be read', async () => {
    const { notices, used } = await kit.search('Patient?gender=male&_filter=nonsense eq x', { lenient: true });
    expect(used).toEqual([['gender', 'male']]);
    expect(notices[0]?.diagnostics).toBe('Ignored: Patient has no search parameter "nonsense".');
    await expect(kit.search('Patient?_filter=name', { lenient: true })).rejects.toThrow(/a comparison/);
  });

  test('leaves no prepared statement behind: filters have no end of shapes', async () => {
    const named = async (query: readonly (readonly [string, string])[]): Promise<boolean> => {
      const request = parseSearch(parameters, 'Observation', query, { lenient: false, baseUrl, now });
      const names: (string | undefined)[] = [];
      const db: Queryable = {
        query: (config) => {
          names.push(config.name);
          return kit.database.pool.query(config);
        },
      };
      await search(db, client, request, kit.env);
      expect(names.length).toBeGreaterThan(0);
      return names.some((name) => name !== undefined);
    };
    expect(await named([['_filter', 'status eq final or subject.name co "x"']])).toBe(false);
    expect(await named([['subject:Patient._content', 'a or b']])).toBe(false);
    expect(await named([['status', 'final']])).toBe(true);
  });

  test('is about one type', async () => {
    await expect(kit.search('?_type=Patient,Observation&_filter=identifier eq x')).rejects.toThrow(/one resource type/);
  });
});
