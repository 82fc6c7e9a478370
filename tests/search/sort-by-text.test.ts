import type { QueryConfig } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../src/model/caller.ts';
import type { Queryable } from '../../src/model/queryable.ts';
import { searchLimits } from '../../src/search/query/limits.ts';
import { parseSearch } from '../../src/search/query/parse.ts';
import { search } from '../../src/search/query/run.ts';
import { baseUrl, client, now, parameters, type SearchKit, searchKit, type TestResource } from './kit.ts';

let kit: SearchKit;

const STATUS = ['final', 'preliminary', 'amended', 'registered'];
const CODES = ['c', undefined, 'a', 'b', 'B'];
const DAYS = ['2026-01-03', undefined, '2026-01-01', '2026-01-02'];

/** Their statuses, codes, dates and subjects occur in many combinations; some have no code, date or subject. */
const observations: readonly TestResource[] = Array.from({ length: 60 }, (_, n) => {
  const [code, day] = [CODES[n % 5], DAYS[(n * 7) % 4]];
  return {
    resourceType: 'Observation',
    id: `o${n}`,
    status: STATUS[(n * 3 + Math.floor(n / 7)) % 4],
    code: code === undefined ? {} : { coding: [{ system: 'urn:s', code }] },
    ...(day === undefined ? {} : { effectiveDateTime: day }),
    ...(n % 6 === 0 ? {} : { subject: { reference: `Patient/p${n % 3}` } }),
  };
});

beforeAll(async () => {
  kit = await searchKit();
  await kit.put([
    {
      resourceType: 'Patient',
      id: 'p0',
      gender: 'male',
      active: true,
      identifier: [
        { system: 'urn:a', value: '30' },
        { system: 'urn:z', value: '15' },
      ],
      name: [{ family: 'Same' }],
    },
    {
      resourceType: 'Patient',
      id: 'p1',
      gender: 'female',
      active: false,
      identifier: [{ system: 'urn:b', value: '20' }],
      telecom: [{ system: 'phone', value: '99' }],
      name: [{ family: 'Same' }],
    },
    {
      resourceType: 'Patient',
      id: 'p2',
      gender: 'female',
      telecom: [{ system: 'email', value: 'a@test' }],
      name: [{ family: 'Same' }],
    },
  ]);
  await kit.put(observations);
  await kit.put([
    { resourceType: 'Condition', id: 'k1', code: { text: 'middle' }, subject: { reference: 'Patient/p1' } },
    { resourceType: 'Condition', id: 'k2', code: { coding: [{ system: 'urn:s', display: 'last' }] } },
    { resourceType: 'Condition', id: 'k3', code: { coding: [{ code: 'first' }, { code: 'zz' }], text: 'a' } },
    {
      resourceType: 'Condition',
      id: 'k4',
      subject: { reference: `${baseUrl}/Patient/p0/_history/3` },
      asserter: { reference: '#x', display: 'b' },
    },
    {
      resourceType: 'Condition',
      id: 'k5',
      subject: { reference: 'Group/g' },
      asserter: { identifier: { value: 'a' }, display: 'z' },
    },
    { resourceType: 'Questionnaire', id: 'q1', url: 'http://v.test/b', status: 'draft' },
    { resourceType: 'Questionnaire', id: 'q2', url: 'http://v.test/a', status: 'active' },
    { resourceType: 'Questionnaire', id: 'q3', url: 'http://v.test/B', status: 'active' },
  ]);
});

afterAll(() => kit.close());

const ids = (versions: readonly { id: string }[]): readonly string[] => versions.map(({ id }) => id);

test.each([
  ['Patient?_sort=gender', ['p1', 'p2', 'p0']],
  ['Patient?_sort=-gender', ['p0', 'p2', 'p1']],
  ['Patient?_sort=active', ['p1', 'p0', 'p2']],
  ['Patient?_sort=-active', ['p0', 'p1', 'p2']],
  ['Patient?_sort=identifier', ['p0', 'p1', 'p2']],
  ['Patient?_sort=-identifier', ['p0', 'p1', 'p2']],
  ['Patient?_sort=telecom', ['p1', 'p2', 'p0']],
  ['Patient?_sort=deceased,-_id', ['p2', 'p1', 'p0']],
  ['Condition?_sort=code', ['k3', 'k2', 'k1', 'k4', 'k5']],
  ['Condition?_sort=-code', ['k3', 'k1', 'k2', 'k5', 'k4']],
  ['Condition?_sort=subject', ['k5', 'k4', 'k1', 'k2', 'k3']],
  ['Condition?_sort=patient', ['k4', 'k1', 'k2', 'k3', 'k5']],
  ['Condition?_sort=asserter', ['k5', 'k4', 'k1', 'k2', 'k3']],
  ['Questionnaire?_sort=url', ['q3', 'q2', 'q1']],
  ['Questionnaire?_sort=status,-url', ['q2', 'q3', 'q1']],
])('%s: the least value counts, descending the greatest; what has none comes last', async (url, expected) => {
  expect(ids((await kit.search(url)).matches)).toEqual(expected);
});

/** What `_sort` orders by, of these observations. */
const values: Record<string, (observation: TestResource) => string | undefined> = {
  status: ({ status }) => String(status),
  code: ({ code }) => (code as { coding?: { code: string }[] }).coding?.[0]?.code,
  subject: ({ subject }) => (subject as { reference: string } | undefined)?.reference,
  date: ({ effectiveDateTime }) => effectiveDateTime as string | undefined,
  _id: ({ id }) => id,
  // Stored in this order.
  _lastUpdated: ({ id }) => String(id?.slice(1)).padStart(3, '0'),
};

function ordered(sort: string, which: (observation: TestResource) => boolean = () => true): readonly string[] {
  const keys = sort.split(',').map((key) => ({ down: key.startsWith('-'), of: values[key.replace('-', '')] }));
  const created = observations.filter(which);
  const order = keys[0]?.down ? created.toReversed() : created;
  const sorted = order.toSorted((a, b) => {
    for (const { down, of } of keys) {
      const [one, other] = [of?.(a), of?.(b)];
      if (one !== other) {
        return one === undefined || (other !== undefined && one < other === down) ? 1 : -1;
      }
    }
    return 0;
  });
  return sorted.map(({ id }) => String(id));
}

const SORTS = [
  'status',
  '-code',
  'code,-date',
  'date,-code',
  '-date,status',
  '-subject,code,-_lastUpdated',
  'status,-_id',
  '_lastUpdated,code',
  'subject,-status',
];

describe('pages', () => {
  test.each(SORTS)('by %s are the whole, forth by next, back by previous, and by _offset', async (sort) => {
    const expected = ordered(sort);
    const url = `Observation?_sort=${sort}&_count=7`;
    const pages = [await kit.search(url)];
    while (pages.at(-1)?.next !== undefined) {
      pages.push(await kit.search(`${url}&_page=${pages.at(-1)?.next}`));
    }
    expect(pages.flatMap(({ matches }) => ids(matches))).toEqual(expected);
    expect(pages[0]?.previous).toBeUndefined();
    for (let n = pages.length - 1, page = pages[n]; n > 0; n--) {
      page = await kit.search(`${url}&_page=${page?.previous}`);
      expect(ids(page.matches)).toEqual(expected.slice((n - 1) * 7, n * 7));
      expect(page.previous === undefined).toBe(n === 1);
    }
    for (const offset of [3, 58, 60, 500]) {
      const page = await kit.search(`Observation?_sort=${sort}&_count=5&_offset=${offset}`);
      expect(ids(page.matches)).toEqual(expected.slice(offset, offset + 5));
    }
  });

  test.each([
    ['status=final', (o: TestResource) => o.status === 'final'],
    ['status=final,amended', (o: TestResource) => o.status === 'final' || o.status === 'amended'],
    ['code=a&status:not=final', (o: TestResource) => values.code?.(o) === 'a' && o.status !== 'final'],
    ['code=urn:s|c&status=final', (o: TestResource) => values.code?.(o) === 'c' && o.status === 'final'],
    ['subject:missing=true', (o: TestResource) => o.subject === undefined],
    ['date=2026-01-02', (o: TestResource) => o.effectiveDateTime === '2026-01-02'],
    ['subject:Patient.name=same', (o: TestResource) => o.subject !== undefined],
  ])('of the matches of %s, however these are found', async (criteria, which) => {
    for (const [collect_max, joint_min] of [
      [0, 0],
      [0, 1000],
      [5000, 100],
    ] as const) {
      const limits = { ...searchLimits, collect_max, joint_min };
      for (const sort of ['code', '-status,date', 'date,-subject']) {
        const found = await kit.all(`Observation?${criteria}&_sort=${sort}&_count=4`, { limits });
        expect(found, `${sort} ${collect_max} ${joint_min}`).toEqual(ordered(sort, which));
      }
    }
  });

  test('bring includes, and totals of all matches', async () => {
    const page = await kit.search(
      'Patient?_sort=-gender&_count=2&_total=accurate&_revinclude=Observation:subject&_revinclude=Condition:subject',
    );
    expect(ids(page.matches)).toEqual(['p0', 'p2']);
    expect(page.total).toBe(3);
    const of = observations.filter(({ subject }) => /p[02]$/.test((subject as { reference: string })?.reference));
    expect(ids(page.includes).toSorted()).toEqual([...ids(of as { id: string }[]), 'k4'].toSorted());
    const counted = await kit.search('Observation?_sort=status&code=a&_count=0');
    expect(counted).toMatchObject({ matches: [], total: 12 });
    const included = await kit.search('Observation?_id=o1&_sort=status&_include=Observation:subject');
    expect(ids(included.includes)).toEqual(['p1']);
  });
});

test('more matches than may be read are refused, with a way out; as many as may be read are not', async () => {
  const limits = { ...searchLimits, content_sort_max: 59 };
  await expect(kit.search('Observation?_sort=date,code', { limits })).rejects.toMatchObject({
    status: 400,
    issues: [
      {
        code: 'too-costly',
        diagnostics: expect.stringMatching(/More than 59 .* sorted by code\. Narrow the search, or sort by a date/),
      },
    ],
  });
  expect((await kit.search('Observation?_sort=code&code=a', { limits })).matches).toHaveLength(12);
  const exact = { ...searchLimits, content_sort_max: 60 };
  expect(await kit.all('Observation?_sort=code', { limits: exact })).toEqual(ordered('code'));
});

test('a caller without access finds and counts nothing', async () => {
  const nobody: Caller = { name: 'nobody', kind: 'client', access: 'none' };
  const page = await kit.search('Patient?_sort=gender&_total=accurate', { caller: nobody });
  expect(page).toMatchObject({ matches: [], total: 0 });
});

test('a composite has no order: it is refused, or, leniently, passed over', async () => {
  await expect(kit.search('Observation?_sort=code-value-quantity')).rejects.toMatchObject({ status: 400 });
  const { matches, notices } = await kit.search('Observation?_sort=code-value-quantity&_count=1', { lenient: true });
  expect([ids(matches), notices[0]?.severity]).toEqual([['o0'], 'warning']);
});

test('contents are read in parts; an order of more than a thousand is whole', async () => {
  const many = Array.from({ length: 1200 }, (_, n) => ({
    resourceType: 'Basic',
    id: `b${n}`,
    code: { coding: [{ code: String((n * 7919) % 1200).padStart(4, '0') }] },
  }));
  for (const start of [0, 400, 800]) {
    await kit.put(many.slice(start, start + 400));
  }
  const expected = many.toSorted((a, b) => ((a.code.coding[0]?.code ?? '') < (b.code.coding[0]?.code ?? '') ? -1 : 1));
  expect(await kit.all('Basic?_sort=code&_count=500')).toEqual(ids(expected));
});

test('large contents are read a few at a time', async () => {
  const large = { status: 'generated', div: 'x'.repeat(1_500_000) };
  const put = ['c', 'a', 'd', 'b'].map((code) => ({
    resourceType: 'Flag',
    id: code,
    code: { text: code },
    text: large,
  }));
  await kit.put(put);
  const parts: number[] = [];
  const counting = {
    async query(config: QueryConfig) {
      const result = await kit.database.pool.query(config);
      if (config.text.startsWith('select d.rid, r.content')) {
        parts.push(result.rows.length);
      }
      return result;
    },
  } as Queryable;
  const request = parseSearch(parameters, 'Flag', [['_sort', 'identifier,-_id']], { lenient: false, baseUrl, now });
  expect(ids((await search(counting, client, request, kit.env)).matches)).toEqual(['d', 'c', 'b', 'a']);
  expect(parts).toEqual([2, 2]);
});

test('texts that begin alike for long, and signs of every alphabet, are paged without loss', async () => {
  const urls = ['\u{1F600}', '\uFFFD', 'å', 'z', `${'x'.repeat(300)}1`, `${'x'.repeat(300)}0`, 'X', '"\\'];
  await kit.put(
    urls.map((url, n) => ({ resourceType: 'Library', id: `l${n}`, url: `urn:${url}`, status: 'draft', type: {} })),
  );
  const expected = ['l7', 'l6', 'l4', 'l5', 'l3', 'l2', 'l1', 'l0'];
  expect(await kit.all('Library?_sort=url&_count=1')).toEqual(expected);
  expect(await kit.all('Library?_sort=-url&_count=3')).toEqual([
    ...expected.slice(4).reverse(),
    'l5',
    'l4',
    'l6',
    'l7',
  ]);
});

test('a match that changes while the contents are read is shown only if it still is one', async () => {
  await kit.put(
    ['c1', 'c2', 'c3'].map((id) => ({
      resourceType: 'Account',
      id,
      status: 'active',
      identifier: [{ value: id }],
      name: 'before',
    })),
  );
  const { pool } = kit.database;
  let changed = false;
  const changing = {
    async query(config: QueryConfig) {
      const result = await pool.query(config);
      if (config.text.startsWith('select d.rid, r.content') && !changed) {
        changed = true;
        await pool.query("update resource set version = 2 where id in ('c1', 'c2')");
        await pool.query("delete from token_idx where rid = (select rid from resource where id = 'c2')");
        await pool.query("update resource set deleted = true where id = 'c3'");
      }
      return result;
    },
  } as Queryable;
  const request = parseSearch(parameters, 'Account', Object.entries({ status: 'active', _sort: '-identifier' }), {
    lenient: false,
    baseUrl,
    now,
  });
  expect(ids((await search(changing, client, request, kit.env)).matches)).toEqual(['c1']);
  expect(changed).toBe(true);
});
