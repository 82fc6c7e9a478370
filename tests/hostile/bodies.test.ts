import { gzipSync } from 'node:zlib';
import type { Bundle, OperationOutcome, Patient } from '@medplum/fhirtypes';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

const MEBIBYTE = 2 ** 20;
const BODY_BYTES_MAX = 2 * MEBIBYTE;

let server: TestServer;
let client: Rest;

beforeAll(async () => {
  server = await testServer({ packages: false, background: false, bodyBytesMax: BODY_BYTES_MAX });
  client = rest(server.base);
});

afterAll(() => server.close());

/** Whatever was sent: nothing of it is stored, and the server lives on. */
afterEach(async () => {
  const everything = await client.get<Bundle>('?_total=accurate&_count=1');
  expect([everything.status, everything.body.total]).toEqual([200, 0]);
});

async function refused(
  answer: { status: number; body: unknown },
  status: number,
  code: string,
  expression?: string,
): Promise<void> {
  const outcome = answer.body as OperationOutcome;
  expect([answer.status, outcome?.resourceType]).toEqual([status, 'OperationOutcome']);
  const [issue] = outcome.issue;
  expect([issue?.severity, issue?.code]).toEqual([status >= 500 ? 'fatal' : 'error', code]);
  expect(issue?.diagnostics).toMatch(/\w+.*[.?:]/);
  if (expression !== undefined) {
    expect(issue?.expression).toEqual([expression]);
  }
}

const patient = (more: string) => `{"resourceType":"Patient"${more}}`;
const nested = (depth: number) => patient(`,"extension":${'['.repeat(depth)}${']'.repeat(depth)}`);

describe('a body that is no resource', () => {
  test.each([
    ['broken JSON', patient(',"active":')],
    ['JSON with a comment', patient('/* active */')],
    ['JSON with a comma too many', patient(',')],
    ['two documents', `${patient('')}${patient('')}`],
    [
      'a byte that is not UTF-8',
      Buffer.concat([Buffer.from('{"resourceType":"Patient","language":"'), Buffer.from([0xff]), Buffer.from('"}')]),
    ],
    ['a duplicate key', patient(',"active":true,"active":false')],
    ['a duplicate key, escaped', patient(',"active":true,"\\u0061ctive":false')],
    ['a duplicate key deep inside', patient(',"name":[{"family":"a","family":"b"}]')],
    ['100,000 levels of arrays', nested(100_000)],
    ['100,000 levels of objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['NUL, escaped', patient(',"language":"\\u0000"')],
    ['NUL, raw', patient(',"language":"\0"')],
    ['half a surrogate pair', patient(',"name":[{"family":"\\ud800"}]')],
    ['the other half', patient(',"name":[{"family":"\\udc00x"}]')],
    ['halves the wrong way round', patient(',"name":[{"family":"\\udc00\\ud800"}]')],
    ['__proto__', patient(',"__proto__":{"active":true}')],
    ['__proto__, escaped', patient(',"\\u005f_proto__":{"active":true}')],
    ['__proto__ deep inside', patient(',"name":[{"__proto__":{"family":"x"}}]')],
    ['a number beyond JSON', patient(',"multipleBirthInteger":0x10')],
    ['NaN', patient(',"multipleBirthInteger":NaN')],
  ])('%s is 400 with its place', async (_what, body) => {
    for (const answer of [
      await sent('POST', 'Patient', body),
      await sent('PUT', 'Patient/hostile', body),
      await sent('POST', '', body),
    ]) {
      await refused(answer, 400, 'structure');
      expect((answer.body as OperationOutcome).issue[0]?.diagnostics).not.toContain('family');
    }
  });

  async function sent(method: string, path: string, body: string | Buffer) {
    const answer = await fetch(`${server.base}/${path}`, {
      method,
      headers: { 'content-type': 'application/fhir+json' },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
    return { status: answer.status, body: await answer.json() };
  }

  test.each(['true', '"Patient"', '17', 'null', '[]', '[{"resourceType":"Patient"}]', '{}', '{"resourceType":17}'])(
    '%s is 400',
    async (body) => refused(await client.post('Patient', body), 400, 'structure'),
  );

  test('an empty body is 400', async () => {
    await refused(await client.post('Patient', ''), 400, 'required');
  });

  test.each([
    ['hasOwnProperty', '{"resourceType":"hasOwnProperty"}'],
    ['__proto__', '{"resourceType":"__proto__"}'],
    ['constructor', '{"resourceType":"constructor"}'],
    ['a type of R5', '{"resourceType":"SubscriptionTopic"}'],
  ])('the resource type %s is unknown in the body and in the path', async (type, body) => {
    await refused(await client.post('Patient', body), 400, 'structure', 'resourceType');
    await refused(await client.post(type === 'a type of R5' ? 'SubscriptionTopic' : type, body), 404, 'not-supported');
  });

  test.each([
    ['text/plain', patient('')],
    ['application/xml', '<Patient xmlns="http://hl7.org/fhir"/>'],
    ['application/fhir+xml', '<Patient xmlns="http://hl7.org/fhir"/>'],
    ['application/x-www-form-urlencoded', 'resourceType=Patient'],
    ['multipart/form-data; boundary=x', patient('')],
    ['nonsense', patient('')],
  ])('%s is 415', async (type, body) => {
    await refused(await client.post('Patient', body, { 'content-type': type }), 415, 'not-supported');
    await refused(await client.put('Patient/x', body, { 'content-type': type }), 415, 'not-supported');
    await refused(await client.send('PATCH', 'Patient/x', body, { 'content-type': type }), 415, 'not-supported');
  });

  test('JSON in another charset than UTF-8 is refused', async () => {
    const answer = await client.post('Patient', patient(''), {
      'content-type': 'application/fhir+json; charset=utf-16',
    });
    expect([400, 415]).toContain(answer.status);
  });
});

describe('a body that is too large', () => {
  const large = patient(`,"language":"${'x'.repeat(BODY_BYTES_MAX)}"`);

  test('is 413, and the limit is a setting', async () => {
    await refused(await client.post('Patient', large), 413, 'too-long');
  });

  test('is 413 when it comes in chunks without telling its length', async () => {
    const answer = await fetch(`${server.base}/Patient`, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: new Blob([large]).stream(),
      duplex: 'half',
    } as RequestInit);
    await refused({ status: answer.status, body: await answer.json() }, 413, 'too-long');
  });

  test('is 413 when it was small before it was inflated', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MEBIBYTE, ' '));
    expect(bomb.length).toBeLessThan(MEBIBYTE);
    const answer = await fetch(`${server.base}/Patient`, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json', 'content-encoding': 'gzip' },
      body: new Uint8Array(bomb),
    });
    await refused({ status: answer.status, body: await answer.json() }, 413, 'too-long');
  });

  test.each([
    ['gzip', Buffer.from('not gzip at all'), 400],
    ['br', Buffer.from('x'), 415],
  ])('is refused where it is not what Content-Encoding: %s says', async (encoding, bytes, status) => {
    const answer = await fetch(`${server.base}/Patient`, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json', 'content-encoding': encoding },
      body: new Uint8Array(bytes),
    });
    await refused(
      { status: answer.status, body: await answer.json() },
      status,
      status === 400 ? 'structure' : 'not-supported',
    );
  });

  test('50 MB go through a server with the default limit, as a refusal that names the fault', async () => {
    const other = await testServer({ packages: false, background: false });
    try {
      const body = patient(`,"languag":"${'x'.repeat(49 * MEBIBYTE)}"`);
      await refused(await rest(other.base).post('Patient', body), 400, 'structure');
      await refused(await rest(other.base).post('Patient', `${body}${' '.repeat(2 * MEBIBYTE)}`), 413, 'too-long');
    } finally {
      await other.close();
    }
  });
});

describe('ids', () => {
  test.each(['a'.repeat(65), 'a_b', 'a b', 'æ', "a'b", '*', 'a%00b'])('%s is no id in a path', async (id) => {
    const encoded = id.includes('%') ? id : encodeURIComponent(id);
    const answer = await client.put(`Patient/${encoded}`, { resourceType: 'Patient', id });
    expect([400, 404]).toContain(answer.status);
    await refused(answer, answer.status, answer.status === 400 ? 'invalid' : 'not-found');
  });

  test('another id in the body than in the path is 400, and one that is no string', async () => {
    await refused(await client.put('Patient/a', { resourceType: 'Patient', id: 'b' }), 400, 'invalid', 'Patient.id');
    await refused(await client.put('Patient/a', { resourceType: 'Patient' }), 400, 'invalid', 'Patient.id');
    await refused(await client.put('Patient/1', { resourceType: 'Patient', id: 1 }), 400, 'invalid', 'Patient.id');
  });

  test('what is no id in the resource of an entry is refused with its place', async () => {
    const answer = await client.post('', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { resource: { resourceType: 'Patient', id: 'good' }, request: { method: 'PUT', url: 'Patient/good' } },
        { resource: { resourceType: 'Patient', id: 'b_d' }, request: { method: 'PUT', url: 'Patient/b_d' } },
      ],
    });
    expect([400, 404]).toContain(answer.status);
    expect((answer.body as unknown as OperationOutcome).issue[0]?.expression?.[0]).toContain('Bundle.entry[1]');
  });
});

describe('bundles', () => {
  const entry = (fullUrl: string, more: object = {}) => ({
    fullUrl,
    resource: { resourceType: 'Patient', ...more },
    request: { method: 'POST', url: 'Patient' },
  });
  const transaction = (...entries: unknown[]) => ({ resourceType: 'Bundle', type: 'transaction', entry: entries });
  const uuid = 'urn:uuid:8f1b2a5e-0d2c-4f7a-9c8e-6f5d4c3b2a10';

  test('two entries with one fullUrl are 400', async () => {
    await refused(
      await client.post('', transaction(entry(uuid), entry(uuid))),
      400,
      'duplicate',
      'Bundle.entry[1].fullUrl',
    );
  });

  test('two entries about one resource are refused', async () => {
    const put = { resource: { resourceType: 'Patient', id: 'x' }, request: { method: 'PUT', url: 'Patient/x' } };
    const answer = await client.post('', transaction(put, put));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect((answer.body as unknown as OperationOutcome).issue[0]?.expression?.[0]).toContain('Bundle.entry[1]');
  });

  test('a urn:uuid that no entry has is refused', async () => {
    const answer = await client.post(
      '',
      transaction(entry(uuid, { generalPractitioner: [{ reference: 'urn:uuid:0' }] })),
    );
    expect([400, 422]).toContain(answer.status);
    expect((answer.body as unknown as OperationOutcome).issue[0]?.expression?.[0]).toBe(
      'Bundle.entry[0].resource.generalPractitioner[0]',
    );
  });

  test('one bad entry undoes the good ones', async () => {
    const answer = await client.post('', transaction(entry(uuid), entry('urn:uuid:2', { gender: 'unheard of' })));
    expect([400, 422]).toContain(answer.status);
    expect((answer.body as unknown as OperationOutcome).issue[0]?.expression).toEqual([
      'Bundle.entry[1].resource.gender',
    ]);
  });

  test.each([
    ['no request', { resource: { resourceType: 'Patient' } }],
    ['no method', { request: { url: 'Patient' } }],
    ['an unknown method', { request: { method: 'SELECT', url: 'Patient' } }],
    ['no url', { request: { method: 'GET' } }],
    ['a url elsewhere', { request: { method: 'GET', url: 'http://example.org/Patient' } }],
    ['a url that climbs', { request: { method: 'GET', url: '../../metrics' } }],
    ['a Bundle in it', { resource: transaction(), request: { method: 'POST', url: '' } }],
    ['nothing', null],
    ['a number', 17],
  ])('an entry with %s refuses a transaction, and stands alone in a batch', async (_what, bad) => {
    const good = { request: { method: 'GET', url: 'Patient' } };
    const answer = await client.post('', transaction(good, bad));
    expect([400, 404]).toContain(answer.status);
    expect((answer.body as unknown as OperationOutcome).issue[0]?.expression?.[0]).toContain('Bundle.entry[1]');
    const batch = await client.post<Bundle>('', { resourceType: 'Bundle', type: 'batch', entry: [good, bad] });
    expect(batch.status).toBe(200);
    expect(batch.body.entry?.map(({ response }) => response?.status.slice(0, 1))).toEqual(['2', '4']);
  });

  test('more entries than the server takes are 413', async () => {
    const entries = Array.from({ length: 10_001 }, () => ({ request: { method: 'GET', url: 'Patient/a' } }));
    await refused(await client.post('', transaction(...entries)), 413, 'too-costly', 'Bundle.entry');
  });

  test.each(['collection', 'document', 'searchset', undefined])(
    'a Bundle of type %s is not carried out',
    async (type) => {
      await refused(await client.post('', { resourceType: 'Bundle', type, entry: [] }), 400, 'value', 'Bundle.type');
    },
  );
});

describe('content', () => {
  const NATIONAL = 'urn:oid:2.16.578.1.12.4.1.4.1';

  test.each(['13916900282', '13916900291', '1391690028', '99999999999', '1391690028x', ' 13916900281'])(
    'the fødselsnummer %s is refused, alone, in a transaction, and is not repeated in the answer',
    async (value) => {
      const resource = { resourceType: 'Patient', identifier: [{ system: NATIONAL, value }] };
      const alone = await client.post('Patient', resource);
      await refused(alone, 422, 'value', 'Patient.identifier[0].value');
      expect(JSON.stringify(alone.body)).not.toContain(value);
      const bundle = await client.post('', {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [{ resource, request: { method: 'POST', url: 'Patient' } }],
      });
      await refused(bundle, 422, 'value', 'Bundle.entry[0].resource.identifier[0].value');
    },
  );

  test('a huge number is refused or kept, never changed to another', async () => {
    const answer = await client.post('Patient', patient(',"multipleBirthInteger":99999999999999999999'));
    expect([400, 422]).toContain(answer.status);
  });

  test('markup that runs is no narrative', async () => {
    for (const inside of [
      '<script>alert(1)</script>',
      '<img src="x" onerror="alert(1)"/>',
      '<a href="javascript:alert(1)">x</a>',
    ]) {
      const text = { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${inside}</div>` };
      const answer = await client.post('Patient', { resourceType: 'Patient', text });
      expect([400, 422], inside).toContain(answer.status);
    }
  });

  test('a patch cannot touch what is no JSON: the prototype of anything, the length of a list or a string', async () => {
    const identifier = [{ system: 'urn:s', value: 'patched' }];
    await client.put('Patient/patched', { resourceType: 'Patient', id: 'patched', identifier });
    const headers = { 'content-type': 'application/json-patch+json' };
    const values = [4294967295, '4294967295', '0'];
    for (const path of [
      '/__proto__/polluted',
      '/constructor/prototype/polluted',
      '/identifier/0/__proto__/polluted',
      '/identifier/__proto__/polluted',
      '/identifier/length',
      '/identifier/0/value/length',
      '/identifier/0/value/0',
      '/identifier/00',
      '/identifier/-/value',
    ]) {
      const operations = [
        ...['add', 'replace', 'test'].flatMap((op) => values.map((value) => ({ op, path, value }))),
        { op: 'remove', path },
        { op: 'copy', from: path, path: '/language' },
        { op: 'move', from: '/identifier/0/system', path },
      ];
      for (const operation of operations) {
        const answer = await client.send('PATCH', 'Patient/patched', [operation], headers);
        await refused(answer, 422, 'processing');
      }
    }
    for (const operation of [
      { op: 'copy', from: '/constructor', path: '/language' },
      { op: 'move', from: '/constructor', path: '/language' },
      { op: 'remove', path: '/constructor' },
      { op: 'replace', path: '/toString', value: 'x' },
      { op: 'test', path: '/constructor', value: {} },
    ]) {
      await refused(await client.send('PATCH', 'Patient/patched', [operation], headers), 422, 'processing');
    }
    expect('polluted' in {}).toBe(false);
    const left = (await client.get<Patient>('Patient/patched')).body;
    expect([left.meta?.versionId, left.identifier]).toEqual(['1', identifier]);
    await client.send('DELETE', 'Patient/patched');
  });
});
