import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { rest } from '../kit/rest.ts';

/** Requests in `npm test`, by a fixed seed; SVAR_FUZZ asks for more, by a seed of the moment. */
const RUNS = Number(process.env.SVAR_FUZZ ?? 1500);
const SEED = process.env.SVAR_FUZZ ? Date.now() : 20_260_302;

let server: TestServer;

beforeAll(async () => {
  server = await testServer({ packages: false, background: false });
  const client = rest(server.base);
  await client.put('Patient/a', { resourceType: 'Patient', id: 'a', name: [{ family: 'A' }], birthDate: '1970' });
  await client.put('Observation/a', {
    resourceType: 'Observation',
    id: 'a',
    status: 'final',
    code: { coding: [{ system: 'urn:c', code: 'c' }] },
    subject: { reference: 'Patient/a' },
    valueQuantity: { value: 5.4, system: 'http://unitsofmeasure.org', code: 'mg' },
  });
});

afterAll(() => server.close());

const type = fc.constantFrom(
  'Patient',
  'Observation',
  'Questionnaire',
  'SearchParameter',
  'Bundle',
  'Binary',
  'Nonsense',
);
const id = fc.constantFrom(
  'a',
  'b',
  'never-was',
  'x'.repeat(65),
  '0ca8d8de2d5f7053',
  '7fffffffffffffff',
  'ffffffffffffffff',
);
const path = fc.oneof(
  type,
  fc.tuple(type, id).map((parts) => parts.join('/')),
  fc
    .tuple(
      type,
      id,
      fc.constantFrom('_history', '_history/1', '_history/2147483648', '$validate', '$meta', '$everything'),
    )
    .map((parts) => parts.join('/')),
  fc.tuple(type, fc.constantFrom('_search', '_history', '$validate', '$nonsense')).map((parts) => parts.join('/')),
  fc.constantFrom('', '_history', '_search', 'metadata', '$validate'),
);
const name = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        ...[
          '_id',
          '_lastUpdated',
          '_tag',
          '_profile',
          '_source',
          '_security',
          'name',
          'family',
          'identifier',
          'gender',
        ],
        ...[
          'birthdate',
          'general-practitioner',
          'link',
          'organization',
          'subject',
          'patient',
          'code',
          'date',
          'value-quantity',
        ],
        ...[
          'code-value-quantity',
          'combo-code-value-concept',
          'value-date',
          'url',
          'version',
          'context-quantity',
          'base',
        ],
      ),
      fc.constantFrom(
        '',
        '',
        '',
        ':exact',
        ':contains',
        ':not',
        ':missing',
        ':text',
        ':in',
        ':above',
        ':below',
        ':identifier',
        ':of-type',
        ':Patient',
        '.name',
        '.identifier',
        ':Patient.birthdate',
      ),
    )
    .map((parts) => parts.join('')),
  fc.constantFrom(
    '_count',
    '_offset',
    '_sort',
    '_total',
    '_summary',
    '_elements',
    '_include',
    '_revinclude',
    '_include:iterate',
    '_page',
    '_type',
    '_since',
    '_at',
    '_format',
    '_pretty',
    'mode',
    'profile',
  ),
  fc.constantFrom('_has:Observation:patient:code', '_has:Observation:subject:value-quantity', '_has:Patient:link:name'),
);
const value = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'A',
    'true',
    'false',
    'final',
    'c',
    'urn:c|c',
    'urn:c|',
    '|c',
    'Patient/a',
    'Observation:subject',
    'Patient:*',
    '*',
  ),
  fc.constantFrom(
    '1970',
    'gt1970',
    'ap2020-01',
    '2026-03-02T08:00:00Z',
    '5.4',
    'lt5.4||mg',
    '5.4|http://unitsofmeasure.org|ug',
    'c$5.4',
    'urn:c|c$gt1||mg',
    'c$c',
  ),
  fc.constantFrom(
    '-_lastUpdated',
    '_id,-name',
    'birthdate',
    '0',
    '1',
    '20',
    '-1',
    'none',
    'estimate',
    'accurate',
    'count',
    'text',
    'json',
    'xml',
    'Patient,Observation',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc
    .array(fc.constantFrom('a', 'Patient/a', '1970', '5', ',', '\\', '|', '$', '%', ':', '.'), { maxLength: 8 })
    .map((parts) => parts.join('')),
);
const query = fc.array(fc.tuple(name, value), { maxLength: 4 });
const headers = fc.dictionary(
  fc.constantFrom(
    'if-match',
    'if-none-match',
    'if-none-exist',
    'if-modified-since',
    'prefer',
    'accept',
    'content-type',
  ),
  fc.constantFrom(
    '*',
    'W/"1"',
    '"2"',
    'x',
    'name=a',
    '?_id=a',
    'Mon, 02 Mar 2026 08:00:00 GMT',
    'return=minimal',
    'return=OperationOutcome',
    'handling=lenient',
    'application/fhir+json',
    'application/json-patch+json',
    'application/x-www-form-urlencoded',
    '*/*',
  ),
  { maxKeys: 3 },
);
const resource = fc.record(
  {
    resourceType: fc.oneof(type, fc.constantFrom('Parameters', 'OperationOutcome')),
    id: fc.oneof(id, fc.integer(), fc.constant(null)),
    meta: fc.oneof(
      fc.constant({}),
      fc.constant({ profile: ['http://example.org/p'] }),
      fc.json({ maxDepth: 2 }).map((text) => JSON.parse(text) as unknown),
    ),
    name: fc.oneof(
      fc.constant([{ family: 'A' }]),
      fc.json({ maxDepth: 2 }).map((text) => JSON.parse(text) as unknown),
    ),
    status: fc.constantFrom('final', 'active', 'draft', 1, null, [], {}),
    code: fc.oneof(fc.constantFrom('x', { text: 'x' }, { coding: [null] }, [])),
    subject: fc.constantFrom({ reference: 'Patient/a' }, { reference: 'urn:uuid:1' }, { reference: 5 }, null, 'x'),
    type: fc.constantFrom('transaction', 'batch', 'string', 'token', 5),
    base: fc.constantFrom(['Patient'], 'Patient', [null], []),
    expression: fc.constantFrom('Patient.name', 'Patient.name.where(', 'x'.repeat(100), 5),
    url: fc.constantFrom('http://example.org/x', 5, ''),
    entry: fc.constantFrom(
      [],
      [null],
      [{}],
      [{ request: { method: 'GET', url: 'Patient' } }],
      [{ request: { method: 'POST', url: 'Patient' }, resource: { resourceType: 'Patient' } }],
      'x',
    ),
    extension: fc.json({ maxDepth: 3 }).map((text) => JSON.parse(text) as unknown),
  },
  { requiredKeys: ['resourceType'] },
);
const operations = fc.array(
  fc.record({
    op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'x'),
    path: fc.constantFrom(
      '',
      '/',
      '/name',
      '/name/0',
      '/name/-',
      '/name/0/family',
      '/a/b/c',
      '/~2',
      '/id',
      '/meta',
      '/meta/versionId',
      '/resourceType',
      'x',
    ),
    from: fc.constantFrom('', '/name', '/name/0', '/id', '/nothing'),
    value: fc.json({ maxDepth: 1 }).map((text) => JSON.parse(text) as unknown),
  }),
  { maxLength: 4 },
);
const body = fc.oneof(
  resource.map((each) => JSON.stringify(each)),
  operations.map((each) => JSON.stringify(each)),
  fc.json({ maxDepth: 3 }),
  fc.string({ maxLength: 30 }),
  query.map((pairs) => new URLSearchParams(pairs).toString()),
);
const request = fc.record({
  method: fc.constantFrom('GET', 'GET', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'),
  path,
  query,
  headers,
  body,
});

test('whatever is asked, the answer is FHIR and never a failure of the server', async () => {
  await fc.assert(
    fc.asyncProperty(request, async ({ method, path, query, headers, body }) => {
      const search =
        query.length === 0
          ? ''
          : `?${new URLSearchParams(query.map(([key, each]): [string, string] => [key, each.toWellFormed()]))}`;
      const contentType =
        method === 'PATCH'
          ? 'application/json-patch+json'
          : path.endsWith('_search')
            ? 'application/x-www-form-urlencoded'
            : 'application/fhir+json';
      const answer = await fetch(`${server.base}/${path}${search}`, {
        method,
        headers: { 'content-type': contentType, ...headers },
        ...(method === 'GET' || method === 'HEAD' || method === 'DELETE' ? {} : { body: body.toWellFormed() }),
      });
      const text = await answer.text();
      expect([500, 503], text).not.toContain(answer.status);
      if (text !== '') {
        const { resourceType } = JSON.parse(text) as { resourceType?: string };
        expect(resourceType, text).toEqual(answer.status >= 400 ? 'OperationOutcome' : expect.any(String));
      }
    }),
    { numRuns: RUNS, seed: SEED, endOnFailure: true },
  );
}, 600_000);
