import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../src/model/caller.ts';
import { FhirError } from '../../src/model/issue.ts';
import { searchLimits } from '../../src/search/query/limits.ts';
import { parseSearch } from '../../src/search/query/parse.ts';
import { search } from '../../src/search/query/run.ts';
import { baseUrl, client, now, parameters, type SearchKit, searchKit } from './kit.ts';

let kit: SearchKit;

beforeAll(async () => {
  kit = await searchKit();
  await kit.put(
    Array.from({ length: 12 }, (_, n) => ({
      resourceType: 'Patient',
      id: `p${n}`,
      gender: n % 2 === 0 ? 'female' : 'male',
      identifier: [{ system: 'urn:t', value: String(n) }],
      ...(n < 9 ? { birthDate: `19${50 + (n % 3)}-01-01` } : {}),
      ...(n % 4 === 0 ? { name: [{ family: `Test${n % 3}` }] } : {}),
    })),
  );
  await kit.put(
    Array.from({ length: 12 }, (_, n) => ({
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ code: 'x' }] },
      subject: { reference: 'Patient/p0' },
      ...(n > 0 ? { hasMember: [{ reference: `Observation/o${n - 1}` }] } : {}),
      id: `o${n}`,
    })),
  );
});

afterAll(() => kit.close());

const ids = (versions: readonly { id: string }[]): readonly string[] => versions.map(({ id }) => id);

test.each([
  '',
  '&_sort=_id',
  '&_sort=-_lastUpdated',
  '&_sort=birthdate',
  '&_sort=-birthdate',
  '&_sort=name,-birthdate',
  '&_sort=-name',
  '&gender=male&_sort=-birthdate',
  '&gender=male&identifier=urn:t|&_sort=-birthdate',
  '&gender=male&identifier=urn:t|',
])('the pages of Patient?%s are the whole, forwards and back, collected or walked', async (rest) => {
  for (const collect_max of [0, 5000]) {
    const options = { limits: { ...searchLimits, collect_max } };
    const whole = ids((await kit.search(`Patient?_count=50${rest}`, options)).matches);
    expect(whole).toHaveLength(rest.includes('gender') ? 6 : 12);
    const url = `Patient?_count=5${rest}`;
    const pages = [await kit.search(url, options)];
    while (pages.at(-1)?.next !== undefined) {
      pages.push(await kit.search(`${url}&_page=${pages.at(-1)?.next}`, options));
    }
    expect(pages.flatMap(({ matches }) => ids(matches))).toEqual(whole);
    expect(pages[0]?.previous).toBeUndefined();
    for (let n = pages.length - 1, page = pages[n]; n > 0; n--) {
      page = await kit.search(`${url}&_page=${page?.previous}`, options);
      expect(ids(page.matches)).toEqual(whole.slice((n - 1) * 5, n * 5));
      expect(page.next).toBeDefined();
      expect(page.previous === undefined).toBe(n === 1);
    }
    for (const offset of [0, 4, 9, 11, 12, 100]) {
      const page = await kit.search(`Patient?_count=2&_offset=${offset}${rest}`, options);
      expect(ids(page.matches)).toEqual(whole.slice(offset, offset + 2));
    }
  }
});

test('a page link of another search, of another caller, or made up, is refused', async () => {
  const { next } = await kit.search('Patient?_count=5');
  const other: Caller = { ...client, name: 'another client' };
  await expect(kit.search(`Patient?_count=6&_page=${next}`)).rejects.toThrow(FhirError);
  await expect(kit.search(`Observation?_count=5&_page=${next}`)).rejects.toThrow(FhirError);
  await expect(kit.search(`Patient?_count=5&_page=${next}`, { caller: other })).rejects.toThrow(FhirError);
  await expect(kit.search('Patient?_count=5&_page=abc')).rejects.toMatchObject({ status: 400 });
});

test('a caller without access finds, counts and includes nothing, neither by chains nor by _has', async () => {
  const nobody: Caller = { name: 'nobody', kind: 'client', access: 'none' };
  for (const url of [
    'Patient?gender=male',
    'Patient?_sort=birthdate',
    'Observation?subject:Patient.gender=female',
    'Patient?_has:Observation:subject:code=x',
    'Patient?_id=p0&_revinclude=Observation:subject',
  ]) {
    expect(await kit.search(`${url}&_total=accurate`, { caller: nobody })).toMatchObject({
      matches: [],
      includes: [],
      total: 0,
    });
  }
});

test('what is deleted is not found', async () => {
  const [id = ''] = await kit.put([{ resourceType: 'Organization', id: 'gone', name: 'Gone' }]);
  expect((await kit.search('Organization?name=gone')).matches).toHaveLength(1);
  await kit.database.pool.query('update resource set deleted = true where id = $1', [id]);
  for (const url of ['Organization?name=gone', 'Organization', `Organization?_id=${id}`, 'Organization?_sort=name']) {
    expect((await kit.search(url)).matches).toEqual([]);
  }
  expect((await kit.search('Organization?_count=0')).total).toBe(0);
});

test('a resource that was stored before its patient is found by the patient all the same, and the patient by it', async () => {
  await kit.put([
    {
      resourceType: 'Condition',
      id: 'early',
      subject: { reference: 'Patient/late' },
      code: { coding: [{ code: 'e' }] },
    },
    { resourceType: 'Patient', id: 'late', name: [{ family: 'Latest' }], gender: 'other' },
  ]);
  for (const collect_max of [0, 5000]) {
    const options = { limits: { ...searchLimits, collect_max } };
    expect(await kit.all('Patient?_has:Condition:subject:code=e', options)).toEqual(['late']);
    expect(await kit.all('Condition?subject:Patient.name=latest', options)).toEqual(['early']);
    expect(await kit.all('Condition?code=e&patient.gender=other&_sort=recorded-date', options)).toEqual(['early']);
  }
  await kit.database.pool.query("update resource set deleted = true where id in ('early', 'late')");
});

test('totals are given when asked for', async () => {
  expect((await kit.search('Patient?_count=2')).total).toBeUndefined();
  expect((await kit.search('Patient?_count=2&_total=accurate')).total).toBe(12);
  expect((await kit.search('Patient?_count=2&_total=estimate&gender=male')).total).toBe(6);
  expect((await kit.search('Patient?_count=0&gender=male')).total).toBe(6);
  const counted = await kit.search('Patient?_count=0');
  expect(counted).toMatchObject({ total: 12, matches: [] });
});

test('includes are limited, and the client is told', async () => {
  const limits = { ...searchLimits, includes_max: 3 };
  const page = await kit.search('Patient?_id=p0&_revinclude=Observation:subject', { limits });
  expect(page.includes).toHaveLength(3);
  expect(page.notices).toMatchObject([{ code: 'incomplete' }]);
});

test(':iterate follows references round by round, to a limit', async () => {
  const url = 'Observation?_id=o11&_include:iterate=Observation:has-member';
  const page = await kit.search(url, { limits: { ...searchLimits, iterate_max: 20 } });
  expect(page.includes).toHaveLength(11);
  expect(page.notices).toEqual([]);
  const cut = await kit.search(url);
  expect(cut.includes.length).toBeLessThan(11);
  expect(cut.notices).toMatchObject([{ code: 'incomplete' }]);
  expect((await kit.search('Observation?_id=o11&_include=Observation:has-member')).includes).toHaveLength(1);
});

test('a search that takes longer than the connection allows is a 503; without its total, if only that takes long', async () => {
  const pool = new pg.Pool({ connectionString: kit.database.url, max: 1, options: '-c statement_timeout=100' });
  const slow = { query: () => pool.query('select pg_sleep(5)') };
  const request = (text: string): ReturnType<typeof parseSearch> =>
    parseSearch(parameters, 'Patient', [...new URLSearchParams(text)], { lenient: false, baseUrl, now });
  await expect(search(slow, client, request('gender=male'), kit.env)).rejects.toMatchObject({ status: 503 });
  const slowCount = {
    query: (config: pg.QueryConfig) =>
      config.text.startsWith('select count') ? slow.query() : kit.database.pool.query(config),
  };
  const page = await search(slowCount, client, request('_count=2&_total=accurate'), kit.env);
  expect(page.matches).toHaveLength(2);
  expect(page.total).toBeUndefined();
  expect(page.notices).toMatchObject([{ diagnostics: expect.stringContaining('The total was left out') }]);
  await pool.end();
});

test('codes of a value set are looked up by terminology, and refused clearly without it', async () => {
  await expect(kit.search('Observation?code:in=http://v.test/a')).rejects.toThrow(/needs terminology/);
  const request = parseSearch(parameters, 'Patient', [['gender:not-in', 'http://v.test/a']], {
    lenient: false,
    baseUrl,
    now,
  });
  const system = 'http://hl7.org/fhir/administrative-gender';
  const terminology = {
    in: async () => [{ system, code: 'male' }],
    above: async () => undefined,
    below: async () => undefined,
  };
  const page = await search(kit.database.pool, client, request, { ...kit.env, terminology });
  expect(page.matches).toHaveLength(6);
});
