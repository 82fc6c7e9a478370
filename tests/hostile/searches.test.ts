import http from 'node:http';
import type { Bundle, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

let server: TestServer;
let client: Rest;

/** A resource of many kinds of search values; what is hostile must find neither it nor anything else. */
const kept: readonly Resource[] = [
  {
    resourceType: 'Patient',
    id: 'kept',
    identifier: [{ system: 'urn:system', value: 'number' }],
    name: [{ family: 'Prøve', given: ['Syntetisk'] }],
    birthDate: '1970-01-01',
    generalPractitioner: [{ reference: 'Practitioner/kept', identifier: { system: 'urn:hpr', value: '1' } }],
  },
  { resourceType: 'Practitioner', id: 'kept' },
  {
    resourceType: 'Observation',
    id: 'kept',
    status: 'final',
    code: { coding: [{ system: 'urn:code', code: 'c' }] },
    valueQuantity: { value: 5, system: 'http://unitsofmeasure.org', code: 'mg' },
    subject: { reference: 'Patient/kept' },
  },
  { resourceType: 'ValueSet', id: 'kept', status: 'active', url: 'http://example.org/ValueSet/kept' },
  {
    resourceType: 'RiskAssessment',
    id: 'kept',
    status: 'final',
    subject: { reference: 'Patient/kept' },
    prediction: [{ probabilityDecimal: 0.5 }],
  },
];

beforeAll(async () => {
  server = await testServer({ packages: false, background: false });
  client = rest(server.base);
  for (const resource of [kept[1], kept[0], ...kept.slice(2)] as Resource[]) {
    expect((await client.put(`${resource.resourceType}/${resource.id}`, resource)).status).toBe(201);
  }
});

afterAll(async () => {
  const all = await client.get<Bundle>('?_total=accurate');
  expect(all.body.total).toBe(kept.length);
  await server.close();
});

function refused(answer: { status: number; body: unknown }, status = 400): OperationOutcome {
  const outcome = answer.body as OperationOutcome;
  expect([answer.status, outcome?.resourceType], JSON.stringify(outcome)).toEqual([status, 'OperationOutcome']);
  expect(outcome.issue[0]?.diagnostics).toMatch(/\w/);
  return outcome;
}

const METACHARACTERS = [
  "'",
  "''",
  "' or '1'='1",
  "'; drop table resource; --",
  '"',
  '$$',
  '$1',
  '\\',
  "\\'",
  '%',
  '_',
  '%%',
  '_____',
  '%r%',
  '*',
  '?',
  '.*',
  '(',
  '[a-z]',
  '{}',
  '\u0001',
  '\n',
  '\u2028',
  '\ufffe',
  '😀',
  'a'.repeat(5000),
  '\\,',
  '\\|',
  '|',
  '||',
  '|||',
  '$',
  ',,,',
  '-- ',
  '/*',
  '#',
  '&',
  ';',
  'null',
  'undefined',
  'NaN',
  'Infinity',
  '__proto__',
  'constructor',
];

describe('signs that mean something to SQL, LIKE, FHIR or JavaScript', () => {
  test.each([
    'Patient?name',
    'Patient?name:contains',
    'Patient?name:exact',
    'Patient?identifier',
    'Patient?identifier:of-type',
    'Patient?identifier:text',
    'Patient?gender',
    'Patient?birthdate',
    'Patient?general-practitioner',
    'Patient?general-practitioner:identifier',
    'Patient?general-practitioner:Practitioner',
    'Patient?_id',
    'Patient?_lastUpdated',
    'Patient?_tag',
    'Patient?_profile',
    'Patient?_profile:below',
    'Patient?_source',
    'Patient?general-practitioner.name',
    'Patient?_has:Observation:patient:code',
    'Observation?value-quantity',
    'Observation?code-value-quantity',
    'Observation?code:below',
    'Observation?code:in',
    'Observation?subject:Patient.name',
    'ValueSet?url',
    'ValueSet?url:above',
    'ValueSet?url:below',
    'RiskAssessment?probability',
  ])('find nothing by %s', async (parameter) => {
    for (const sign of METACHARACTERS) {
      const answer = await client.get<Bundle>(`${parameter}=${encodeURIComponent(sign)}`);
      if (answer.status === 400) {
        refused(answer);
        continue;
      }
      const found = (answer.body.entry ?? []).map(({ resource }) => resource?.id);
      // Alternatives that are empty are none: a query of nothing else asks for nothing.
      const empty = /^,*$/.test(sign) ? ['kept'] : [];
      expect([answer.status, found.filter((id) => !empty.includes(id ?? ''))], JSON.stringify(sign)).toEqual([200, []]);
    }
  });

  test.each([
    'Patient?name=_r%C3%B8ve',
    'Patient?name:contains=%25',
    'ValueSet?url:below=http://example.org/%25',
    'ValueSet?url:below=http://example.org/ValueSet/kep_',
  ])('%s: a wildcard of LIKE is a sign like any other', async (query) => {
    expect(await client.search(query)).toEqual([]);
  });

  test('names of parameters are not trusted either', async () => {
    for (const name of [
      "name'",
      'name;',
      '__proto__',
      'constructor',
      'toString',
      'name:',
      'name:exact:exact',
      'name.',
      '.name',
      '_has',
      '_has:',
      '_has::::',
      '_has:Patient:x',
      '_include',
      '_sort:',
      'a'.repeat(5000),
    ]) {
      refused(await client.get(`Patient?${encodeURIComponent(name)}=x`));
    }
    for (const sort of ["name'", '--name', '__proto__', 'name;drop', '-', 'family:exact']) {
      const answer = await client.get(`Patient?_sort=${encodeURIComponent(sort)}`);
      expect([200, 400], sort).toContain(answer.status);
      expect(sort === '-' || answer.status === 400, sort).toBe(true);
    }
    for (const include of ['x', 'Patient:', 'Patient:x', 'X:y', 'Patient:link:X', '__proto__:x']) {
      refused(await client.get(`Patient?_include=${encodeURIComponent(include)}`));
    }
  });
});

describe('numbers and dates beyond measure', () => {
  test.each([
    'RiskAssessment?probability=1e308',
    'RiskAssessment?probability=1e309',
    'RiskAssessment?probability=-1e999',
    'RiskAssessment?probability=ge1e-400',
    `RiskAssessment?probability=${'9'.repeat(400)}`,
    `RiskAssessment?probability=0.${'0'.repeat(400)}1`,
    'Observation?value-quantity=1e308||mg',
    'Observation?value-quantity=ap1e308|http://unitsofmeasure.org|kg',
    'Observation?value-quantity=5|http://unitsofmeasure.org|((((',
    `Observation?value-quantity=5|http://unitsofmeasure.org|${'m.'.repeat(1000)}m`,
    'Patient?birthdate=0000',
    'Patient?birthdate=9999-12-31',
    'Patient?birthdate=99999',
    'Patient?birthdate=2026-02-30',
    'Patient?birthdate=2026-13',
    'Patient?birthdate=2026-01-01T25:00:00Z',
    'Patient?birthdate=2026-01-01T10:00:00%2B99:00',
    'Patient?birthdate=ap0001',
    'Patient?_lastUpdated=gt9999',
    'Patient?birthdate=gtgt2020',
  ])('%s answers, with matches or a refusal', async (query) => {
    const answer = await client.get<Bundle>(query);
    expect([200, 400]).toContain(answer.status);
    expect(answer.body.resourceType).toBe(answer.status === 200 ? 'Bundle' : 'OperationOutcome');
    if (answer.status === 200 && !query.includes('=g') && !query.includes('=ap0001')) {
      expect(answer.body.entry).toBeUndefined();
    }
  });
});

describe('too much', () => {
  test('_count=-1 and _count=1000000 are refused, _count=10000 is cut, and says so', async () => {
    for (const count of ['-1', '1.5', 'x', '1e3', '99999999999999999999', '1000000', '%00']) {
      refused(await client.get(`Patient?_count=${count}`));
      refused(await client.get(`Patient/_history?_count=${count}`));
    }
    const answer = await client.get<Bundle>('Patient?_count=10000');
    expect(answer.status).toBe(200);
    const outcome = answer.body.entry?.find(({ search }) => search?.mode === 'outcome')?.resource as OperationOutcome;
    expect(outcome.issue[0]?.diagnostics).toContain('1000');
  });

  test('_offset beyond its bound is refused', async () => {
    refused(await client.get('Patient?_offset=1000000'));
    refused(await client.get('Patient?_offset=-1'));
  });

  test('10,000 alternatives are refused with the limit, in GET and in POST', async () => {
    const values = Array.from({ length: 10_000 }, (_, i) => `v${i}`).join(',');
    const posted = await client.post('Patient/_search', `identifier=${values}`, {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(refused(posted).issue[0]?.diagnostics).toMatch(/10000 values; at most \d+/);
    const got = await client.get(`Patient?identifier=${values}`);
    expect([400, 414, 431]).toContain(got.status);
  });

  test('a search of megabytes is refused before it is taken apart', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const body of [
      `name=${','.repeat(20_000_000)}`,
      'name=a&'.repeat(2_000_000),
      `_sort=${'_id,'.repeat(500_000)}`,
    ]) {
      const started = performance.now();
      refused(await client.post('Patient/_search', body, form), 413);
      expect(performance.now() - started).toBeLessThan(5000);
    }
    refused(await client.post('Patient/_search', `_sort=${'_id,'.repeat(5000)}`, form));
    refused(await client.post('Patient/_search', `_include=${'Patient:link,'.repeat(5000)}`, form));
    refused(await client.post('_search', `_type=${'Patient,Nonsense,'.repeat(5000)}`, form));
  });

  test('1,000 parameters, long chains, deep _has and wide includes are refused', async () => {
    refused(await client.get(`Patient?${'name=a&'.repeat(1000)}`));
    refused(await client.get(`Patient?${'general-practitioner:Patient.'.repeat(10)}name=a`));
    refused(await client.get(`Patient?${'organization.partof.'.repeat(10)}name=a`));
    refused(await client.get(`Patient?${'_has:Observation:patient:'.repeat(10)}code=a`));
  });

  test.each([
    'Task?focus.focus.focus.focus.status=x',
    'Provenance?target.focus.focus.focus._id=x',
    'List?item.subject.patient.general-practitioner.name=x',
    'Observation?_has:Provenance:target:target.focus.focus._id=x',
    `Task?${'focus.focus.focus.status=x&'.repeat(50)}`,
    `Observation?${'subject.name=x&'.repeat(99)}`,
  ])('%s, a chain through every type, ends soon', async (query) => {
    const started = performance.now();
    const { status } = await client.get(query);
    expect([200, 400]).toContain(status);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('a very long address is refused without harm', async () => {
    const answer = await raw(`/fhir/R4/Patient?name=${'a'.repeat(200_000)}`);
    expect([400, 414, 431]).toContain(answer.status);
    expect((await client.get('Patient/kept')).status).toBe(200);
  });
});

describe('addresses', () => {
  test.each([
    '/fhir/R4/Patient?name=%00',
    '/fhir/R4/Patient?name=a%00b',
    '/fhir/R4/Patient?name=%ff',
    '/fhir/R4/Patient?name=%c3%28',
    '/fhir/R4/Patient?name=%ed%a0%80',
    '/fhir/R4/Patient?name=%',
    '/fhir/R4/Patient?name=%zz',
    '/fhir/R4/Patient?%00=a',
    '/fhir/R4/Patient/%ff',
    '/fhir/R4/%c0%80',
  ])('%s is 400', async (path) => {
    const answer = await raw(path);
    refused({ status: answer.status, body: JSON.parse(answer.text) });
  });

  test.each([
    '/fhir/R4/Patient/a%00b',
    '/fhir/R4/Patient/..%2f..%2fmetrics',
    '/fhir/R4/Patient/../../../etc/passwd',
    '/fhir/R4//Patient',
    '/fhir/R4/Patient//kept',
    '/fhir/R4/patient/kept',
    '/fhir/R4/Patient/kept/x',
    '/fhir/R4/Patient/kept/_history/0',
    '/fhir/R4/Patient/kept/_history/-1',
    '/fhir/R4/Patient/kept/_history/1e3',
    '/fhir/R4/Patient/kept/_history/99999999999',
    '/fhir/R4/Patient/kept/$unknown',
    '/fhir/R4/$',
    '/fhir/R4/__proto__',
    '/fhir/R4/constructor',
    '/fhir',
    '/elsewhere',
  ])('%s names nothing', async (path) => {
    const answer = await raw(path);
    refused({ status: answer.status, body: JSON.parse(answer.text) }, 404);
  });

  test.each(['PATCH', 'PUT', 'DELETE'])('%s of the base is 405 and says what is allowed', async (method) => {
    const answer = await client.send(method, '', method === 'DELETE' ? undefined : {});
    refused(answer, 405);
    expect(answer.headers.get('allow')).toContain('POST');
  });

  test('a method that HTTP does not have is refused', async () => {
    const answer = await raw('/fhir/R4/Patient', 'PROPFIND');
    expect([400, 405]).toContain(answer.status);
  });

  test('an Accept that wants XML is refused, and so is _format=xml', async () => {
    expect((await client.get('Patient/kept', { accept: 'application/fhir+xml' })).status).toBe(406);
    expect((await client.get('Patient/kept?_format=xml')).status).toBe(406);
  });
});

/** A request whose address is sent as it stands. */
function raw(path: string, method = 'GET'): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path, method }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', reject);
    request.end();
  });
}
