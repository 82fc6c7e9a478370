import { expect, test } from 'vitest';
import { systemCaller } from '../../../model/caller.ts';
import { hash64 } from '../../hash64.ts';
import { r4SearchParameters } from '../../parameters/r4.ts';
import { searchParameterRegistry } from '../../parameters/registry.ts';
import { parseSearch } from '../parse.ts';
import { countStatement, limitFor, type PageBounds, pageStatement, type Way } from './page-statement.ts';
import { Statement } from './statement.ts';

const parameters = searchParameterRegistry(r4SearchParameters());
const seed = '42';
const first: PageBounds = { position: undefined, back: false, offset: 0, limit: 21 };

function page(
  type: string,
  query: Record<string, string>,
  way: 'first criterion' | Way,
  bounds: PageBounds = first,
): { text: string; values: unknown[] | undefined } {
  const request = parseSearch(parameters, type, Object.entries(query), {
    lenient: false,
    baseUrl: 'http://svar.test',
    now: new Date(0),
  });
  const [criterion] = request.where;
  const chosen: Way = way === 'first criterion' && criterion ? { kind: 'members', criterion } : (way as Way);
  const { text, values } = pageStatement(new Statement(systemCaller, seed), request, chosen, bounds);
  return { text: text.replace(/\s+/g, ' '), values };
}

const RESOURCE =
  'cross join lateral (select * from resource where shard = ((d.rid >> 10) & 4095)::int2 and rid = d.rid offset 0) r';

test('a token is looked up in its postings, which come in the order of a search that asks for none', () => {
  const { text, values } = page('Patient', { identifier: 'urn:n|1' }, 'first criterion');
  expect(text).toBe(
    `select d.rid as rid, r.type, r.version, r.updated, r.id, r.content, r.patient, r.anchor from (select rid from token_idx where h = $1::int8) d ${RESOURCE} where not r.deleted and true order by d.rid asc limit 21`,
  );
  expect(values).toEqual([hash64('Patient.identifier\n|urn:n|1', seed)]);
});

test("a patient's responses are collected and sorted by the date in their own rows", () => {
  const { text } = page('QuestionnaireResponse', { subject: 'Patient/1', _sort: '-authored' }, 'first criterion');
  expect(text).toBe(
    `select rid, type, version, updated, id, content, patient, anchor, s0::text as s0 from (select d.rid as rid, r.type, r.version, r.updated, r.id, r.content, r.patient, r.anchor, coalesce(r.date::float8, (select max(a1.lo) from (select lo from range_idx where rid = d.rid and h = $2::int8 offset 0) a1)) as s0 from (select rid from token_idx where h = $1::int8) d ${RESOURCE} where not r.deleted and true offset 0) m order by m.s0 desc nulls last, m.rid desc limit 21`,
  );
});

test('a second token is looked up for all members at once, further criteria on each', () => {
  const { text } = page('Observation', { subject: 'Patient/1', code: 'x', status: 'final' }, 'first criterion');
  expect(text).toContain(
    'from (select a1.rid from token_idx a1 where a1.h = $2::int8 and a1.rid = any(array(select rid from token_idx where h = $1::int8))) d cross join lateral',
  );
  expect(text).toContain(
    'and exists (select 1 from token_idx a2 where a2.h = $3::int8 and a2.rid = d.rid offset 0) order by d.rid asc limit 21',
  );
});

test('a walk along an index goes on where the last page ended', () => {
  const { text, values } = page(
    'Observation',
    { code: 'x', _sort: '-date' },
    { kind: 'sorted' },
    { ...first, position: { back: false, values: ['1700000000000'], rid: '99' } },
  );
  expect(text).toContain('from range_idx d cross join lateral');
  expect(text).toContain('and d.lo <= $3::float8)');
  expect(text).toContain('order by m.s0 desc, m.rid desc limit 21');
  expect(values?.slice(2)).toEqual(['1700000000000', '99', '1700000000000']);
});

test('a chain finds the resources referred to first, then, by hashes of their ids, those that refer to them', () => {
  const { text, values } = page('Observation', { 'subject:Patient.identifier': 'urn:n|1' }, 'first criterion');
  expect(text).toContain(
    "select rid from token_idx where h = hashtextextended($2::text || coalesce(a1.id, lpad(to_hex(a1.rid), 16, '0')), $1::int8) offset 0",
  );
  expect(values).toContain('Observation.subject\n@Patient/');
});

test('the text depends on the shape of the query alone, so one prepared statement serves all values', () => {
  const one = page('Patient', { name: 'ab', birthdate: 'ge2020' }, 'first criterion');
  const other = page('Patient', { name: 'xyz', birthdate: 'lt1999-01' }, 'first criterion');
  expect(other.text.length).toBeGreaterThan(0);
  expect(page('Patient', { name: 'c', birthdate: 'ge1980-01' }, 'first criterion').text).toBe(one.text);
  // Every comparison is a list of boxes, so even the prefix does not matter.
  expect(other.text).toBe(one.text);
});

test('every statement on resources carries the access of its caller', () => {
  const request = parseSearch(
    parameters,
    'Observation',
    [
      ['subject:Patient.name', 'a'],
      ['_has:Observation:has-member:code', 'x'],
    ],
    {
      lenient: false,
      baseUrl: 'http://svar.test',
      now: new Date(0),
    },
  );
  const nobody = new Statement({ ...systemCaller, access: 'none' }, seed);
  const { text } = countStatement(nobody, request, { kind: 'type' });
  const resources = text.match(/(from|join) resource\b|from resource where/g) ?? [];
  expect(resources.length).toBeGreaterThan(2);
  expect(text.match(/not \w+\.deleted and false/g)).toHaveLength(resources.length);
});

test('limits are few, so that statements are', () => {
  expect([1, 2, 3, 21, 22, 1001].map(limitFor)).toEqual([1, 2, 6, 21, 31, 1001]);
});
