import type { Bundle, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

/** Parameters whose values no FHIRPath expression tells, over HTTP; tests/search looks at what they find. */
let server: TestServer;
let client: Rest;

const resources: readonly Resource[] = [
  {
    resourceType: 'Patient',
    id: 'one',
    text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">Testperson, r&oslash;d</div>' },
    name: [{ family: 'Test (A), B', given: ['En'] }],
    birthDate: '1990-05-05',
  },
  { resourceType: 'Patient', id: 'two', name: [{ family: 'Test', given: ['To'] }], birthDate: '1960-05-05' },
  { resourceType: 'Patient', id: 'three', name: [{ family: 'Prøve', given: ['Tre'] }], birthDate: '1960-05-05' },
  { resourceType: 'Location', id: 'here', status: 'active', position: { latitude: 60.3756, longitude: 5.3597 } },
  {
    resourceType: 'List',
    id: 'some',
    status: 'current',
    mode: 'working',
    entry: [{ item: { reference: 'Patient/one' } }, { item: { reference: 'Patient/three' } }],
  },
];

beforeAll(async () => {
  server = await testServer({ packages: false, background: false, testClock: '2026-03-12T00:00:00Z' });
  client = rest(server.base);
  for (const resource of resources) {
    expect((await client.put(`${resource.resourceType}/${resource.id}`, resource)).status).toBe(201);
  }
});

afterAll(() => server.close());

async function ids(query: string): Promise<readonly string[]> {
  const { status, body } = await client.get<Bundle>(query);
  expect([status, body.resourceType], query).toEqual([200, 'Bundle']);
  return (body.entry ?? []).map(({ resource }) => resource?.id ?? '').sort();
}

describe('a search', () => {
  test.each([
    ['Location?near=60.38%7C5.33%7C10%7Ckm', ['here']],
    ['Location?near=60.38|5.33', ['here']],
    ['Location?near=59.9|10.7|10|km', []],
    ['Patient?_text=r%C3%B8d', ['one']],
    ['Patient?_content=tre', ['three']],
    ['Patient?_content=prove+or+"test"', ['one', 'three', 'two']],
    ['Patient?_list=some', ['one', 'three']],
    ['Patient?age=ge60', ['three', 'two']],
    [
      `Patient?_filter=${encodeURIComponent('name co "(a), b" or (birthdate lt 1970 and name sw "prove")')}`,
      ['one', 'three'],
    ],
    ['Patient?_filter=birthdate+ge+1970-01-01', ['one']],
    ['Patient?_contained=false&_containedType=container&name=test', ['one', 'two']],
  ])('%s', async (query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  test('by a filter goes by POST, has pages, includes and a total, and is in the self link', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const filter = 'birthdate lt 2000 and not (name eq "tre")';
    const first = await client.post<Bundle>(
      'Patient/_search',
      new URLSearchParams({ _filter: filter, _count: '1', _total: 'accurate', _sort: 'birthdate' }).toString(),
      form,
    );
    expect([first.body.total, first.body.entry?.[0]?.resource?.id]).toEqual([2, 'two']);
    const link = (relation: string) => first.body.link?.find((each) => each.relation === relation)?.url ?? '';
    expect(new URL(link('self')).searchParams.get('_filter')).toBe(filter);
    expect((await client.get<Bundle>(link('next'))).body.entry?.[0]?.resource?.id).toBe('one');
  });

  test.each([
    ['Patient?_query=x', 'not-supported', /no named queries/],
    ['Patient?_list=$current-problems', 'not-supported', /\$current-problems is not kept here/],
    ['Patient?_contained=true', 'not-supported', /Contained resources are not searched/],
    ['Patient?_containedType=contained', 'not-supported', /Contained resources are not searched/],
    ['Patient?_filter=name', 'invalid', /expected a comparison at character 5/],
    ['Location?near=x', 'invalid', /expected latitude\|longitude/],
    ['Patient?_text=(', 'invalid', /expected words/],
  ])('%s is 400', async (query, code, message) => {
    const { status, body } = await client.get<OperationOutcome>(query);
    expect([status, body.issue[0]?.code]).toEqual([400, code]);
    expect(body.issue[0]?.diagnostics).toMatch(message);
  });
});

describe('criteria of conditional interactions', () => {
  test('may be a filter', async () => {
    const { status } = await client.send(
      'PATCH',
      'Patient?_filter=birthdate eq 1990-05-05',
      JSON.stringify([{ op: 'add', path: '/active', value: true }]),
      { 'content-type': 'application/json-patch+json' },
    );
    expect(status).toBe(200);
    expect(await ids('Patient?active=true')).toEqual(['one']);
  });

  test('select nothing by _contained alone', async () => {
    const { status } = await client.send('DELETE', 'Location?_contained=false');
    expect(status).toBe(412);
    expect((await client.get('Location/here')).status).toBe(200);
  });
});
