import type { Observation, OperationOutcome, Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

const JSON_PATCH = { 'content-type': 'application/json-patch+json' };

let server: TestServer;
let client: Rest;
/** A new value in each test, to find what it made by. */
let mark: string;
let marks = 0;

beforeAll(async () => {
  server = await testServer({ packages: false, background: false });
  client = rest(server.base);
});

beforeEach(() => {
  marks += 1;
  mark = `mark-${marks}`;
});

afterAll(() => server.close());

const person = (more: Partial<Patient> = {}): Patient => ({
  resourceType: 'Patient',
  identifier: [{ system: 'urn:mark', value: mark }],
  ...more,
});

async function created(more: Partial<Patient> = {}): Promise<Patient & { id: string }> {
  const { status, body } = await client.post<Patient & { id: string }>('Patient', person(more));
  expect(status).toBe(201);
  return body;
}

function refused(answer: { status: number; body: unknown }, status: number, code: string): void {
  const outcome = answer.body as OperationOutcome;
  expect([answer.status, outcome?.resourceType, outcome?.issue?.[0]?.code]).toEqual([status, 'OperationOutcome', code]);
}

const found = () => client.search<Patient>(`Patient?identifier=urn:mark|${mark}`);

describe('create and read', () => {
  test('answer with Location, ETag and Last-Modified, which agree with meta', async () => {
    const answer = await client.post<Patient>('Patient', person());
    const { id, meta } = answer.body;
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`${server.base}/Patient/${id}/_history/1`);
    expect(answer.headers.get('etag')).toBe('W/"1"');
    expect(answer.headers.get('last-modified')).toBe(new Date(meta?.lastUpdated ?? '').toUTCString());
    const read = await client.get<Patient>(`Patient/${id}`);
    expect([read.status, read.body]).toEqual([200, answer.body]);
    expect(read.headers.get('etag')).toBe('W/"1"');
    expect((await client.get<Patient>(answer.headers.get('location') ?? '')).body).toEqual(answer.body);
  });

  test('an id, a version and a time that a client sends with a create are replaced', async () => {
    const sent = person({
      id: 'mine',
      meta: { versionId: '17', lastUpdated: '2001-01-01T00:00:00Z', source: 'urn:s' },
    });
    const { body } = await client.post<Patient>('Patient', sent);
    expect(body.id).not.toBe('mine');
    expect(body.meta).toMatchObject({ versionId: '1', source: 'urn:s' });
    expect(body.meta?.lastUpdated?.startsWith('2001')).toBe(false);
  });

  test('Prefer decides what a write gives back', async () => {
    const minimal = await client.post('Patient', person(), { prefer: 'return=minimal' });
    expect([minimal.status, minimal.body]).toEqual([201, undefined]);
    expect(minimal.headers.get('location')).toContain('/Patient/');
    const outcome = await client.post<OperationOutcome>('Patient', person(), { prefer: 'return=OperationOutcome' });
    expect([outcome.status, outcome.body.resourceType]).toEqual([201, 'OperationOutcome']);
    const whole = await client.post<Patient>('Patient', person(), { prefer: 'return=representation' });
    expect(whole.body.identifier?.[0]?.value).toBe(mark);
  });

  test('what never was is 404, what was deleted is 410 and stays in its history', async () => {
    refused(await client.get('Patient/never-was'), 404, 'not-found');
    const { id } = await created();
    const gone = await client.send('DELETE', `Patient/${id}`);
    expect([gone.status, gone.headers.get('etag')]).toEqual([204, 'W/"2"']);
    refused(await client.get(`Patient/${id}`), 410, 'deleted');
    refused(await client.get(`Patient/${id}/_history/2`), 410, 'deleted');
    expect((await client.get(`Patient/${id}/_history/1`)).status).toBe(200);
    const unmade = await client.get<OperationOutcome>(`Patient/${id}/_history/3`);
    refused(unmade, 404, 'not-found');
    expect(unmade.body.issue[0]?.diagnostics).toContain('version');
    expect(await found()).toEqual([]);
    expect((await client.send('DELETE', `Patient/${id}`)).status).toBe(204);
    expect((await client.send('DELETE', 'Patient/never-was')).status).toBe(204);
  });

  test('If-None-Match and If-Modified-Since answer 304 without a body', async () => {
    const { id } = await created();
    const modified = (await client.get(`Patient/${id}`)).headers.get('last-modified') ?? '';
    const conditions: Record<string, string>[] = [
      { 'if-none-match': 'W/"1"' },
      { 'if-none-match': '"7", W/"1"' },
      { 'if-modified-since': modified },
    ];
    for (const headers of conditions) {
      const answer = await client.get(`Patient/${id}`, headers);
      expect([answer.status, answer.body], JSON.stringify(headers)).toEqual([304, undefined]);
      expect(answer.headers.get('etag')).toBe('W/"1"');
    }
    expect((await client.get(`Patient/${id}`, { 'if-none-match': 'W/"2"' })).status).toBe(200);
    const before = new Date(Date.parse(modified) - 1000).toUTCString();
    expect((await client.get(`Patient/${id}`, { 'if-modified-since': before })).status).toBe(200);
  });

  test('HEAD answers as GET does, without the body', async () => {
    const { id } = await created();
    const answer = await fetch(`${server.base}/Patient/${id}`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('etag'), await answer.text()]).toEqual([200, 'W/"1"', '']);
  });
});

describe('update', () => {
  test('makes the next version, 200; by PUT of a new id the first, 201; after a delete the one after it, 201', async () => {
    const id = `put-${mark}`;
    const versions = [];
    for (const active of [true, false]) {
      const answer = await client.put<Patient>(`Patient/${id}`, person({ id, active }));
      versions.push([answer.status, answer.body.meta?.versionId, answer.headers.get('location')]);
    }
    await client.send('DELETE', `Patient/${id}`);
    const again = await client.put<Patient>(`Patient/${id}`, person({ id }));
    versions.push([again.status, again.body.meta?.versionId, again.headers.get('location')]);
    expect(versions).toEqual([
      [201, '1', `${server.base}/Patient/${id}/_history/1`],
      [200, '2', `${server.base}/Patient/${id}/_history/2`],
      [201, '4', `${server.base}/Patient/${id}/_history/4`],
    ]);
    expect((await client.get(`Patient/${id}`)).status).toBe(200);
    expect(await found()).toHaveLength(1);
  });

  test('If-Match takes the current version only', async () => {
    const patient = await created();
    const address = `Patient/${patient.id}`;
    refused(await client.put(address, patient, { 'if-match': 'W/"2"' }), 412, 'conflict');
    expect((await client.put(address, { ...patient, active: true }, { 'if-match': 'W/"1"' })).status).toBe(200);
    refused(await client.put(address, patient, { 'if-match': 'W/"1"' }), 412, 'conflict');
    refused(await client.send('DELETE', address, undefined, { 'if-match': 'W/"1"' }), 412, 'conflict');
    const operations = [{ op: 'remove', path: '/active' }];
    refused(await client.send('PATCH', address, operations, { ...JSON_PATCH, 'if-match': 'W/"1"' }), 412, 'conflict');
    expect((await client.send('PATCH', address, operations, { ...JSON_PATCH, 'if-match': 'W/"2"' })).status).toBe(200);
    expect((await client.send('DELETE', address, undefined, { 'if-match': 'W/"3"' })).status).toBe(204);
  });

  test('If-Match of a resource that is not there is 412, and makes none', async () => {
    const answer = await client.put(`Patient/${mark}`, person({ id: mark }), { 'if-match': 'W/"1"' });
    expect([404, 412]).toContain(answer.status);
    expect(await found()).toEqual([]);
  });

  test('If-None-Match: * creates, and does not overwrite', async () => {
    const put = () => client.put(`Patient/${mark}`, person({ id: mark }), { 'if-none-match': '*' });
    expect((await put()).status).toBe(201);
    refused(await put(), 412, 'conflict');
  });

  test('of sixteen at the same time with one If-Match, one wins', async () => {
    const patient = await created();
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, i) =>
        client.put(`Patient/${patient.id}`, { ...patient, language: `x-${i}` }, { 'if-match': 'W/"1"' }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 15 }, () => 412)]);
  });
});

describe('JSON Patch', () => {
  test('changes what it names and leaves every other digit as it was', async () => {
    const text = `{"resourceType":"Observation","status":"final","code":{"text":"\\u00e6 ${mark}"},"_status":{"id":"s"},"valueQuantity":{"value":1.00,"unit":"x"},"component":[{"code":{"text":"c"},"valueQuantity":{"value":1e3}},{"code":{"text":"d"},"valueQuantity":{"value":-0.0500}}],"referenceRange":[{"low":{"value":0.10}}]}`;
    const { id } = (await client.post<Observation>('Observation', text)).body;
    const answer = await patched(`Observation/${id}`, [
      { op: 'test', path: '/status', value: 'final' },
      { op: 'replace', path: '/status', value: 'amended' },
      { op: 'add', path: '/component/1/interpretation', value: [{ text: 'low' }] },
      { op: 'copy', from: '/component/0', path: '/component/-' },
      { op: 'remove', path: '/referenceRange' },
      { op: 'move', from: '/valueQuantity/unit', path: '/valueQuantity/system' },
    ]);
    expect(answer.status).toBe(200);
    const rest = answer.text.slice(answer.text.indexOf('"status"'));
    expect(rest).toBe(
      `"status":"amended","code":{"text":"æ ${mark}"},"_status":{"id":"s"},"valueQuantity":{"value":1.00,"system":"x"},"component":[{"code":{"text":"c"},"valueQuantity":{"value":1e3}},{"code":{"text":"d"},"valueQuantity":{"value":-0.0500},"interpretation":[{"text":"low"}]},{"code":{"text":"c"},"valueQuantity":{"value":1e3}}]}`,
    );
  });

  test('keeps the digits of the numbers it brings', async () => {
    const observation = {
      resourceType: 'Observation',
      status: 'final',
      code: { text: mark },
      valueQuantity: { value: 1 },
    };
    const { id } = (await client.post<Observation>('Observation', observation)).body;
    const replaced = await patched(
      `Observation/${id}`,
      '[{"op":"replace","path":"/valueQuantity/value","value":2.50}]',
    );
    expect(replaced.text).toContain('"valueQuantity":{"value":2.50}');
    const added = await patched(
      `Observation/${id}`,
      '[{"op":"add","path":"/component","value":[{"code":{"text":"c"},"valueQuantity":{"value":1e3}}]}]',
    );
    expect(added.text).toContain('{"value":1e3}');
    expect(
      (await patched(`Observation/${id}`, '[{"op":"test","path":"/valueQuantity/value","value":2.5}]')).status,
    ).toBe(200);
  });

  async function patched(path: string, operations: unknown) {
    const body = typeof operations === 'string' ? operations : JSON.stringify(operations);
    const answer = await fetch(`${server.base}/${path}`, { method: 'PATCH', headers: JSON_PATCH, body });
    return { status: answer.status, text: await answer.text() };
  }

  test.each([
    ['a test that fails', [{ op: 'test', path: '/active', value: true }], 422],
    ['a path that is not there', [{ op: 'remove', path: '/name/3' }], 422],
    ['an unknown op', [{ op: 'increment', path: '/active' }], 400],
    ['another id', [{ op: 'replace', path: '/id', value: 'x' }], 422],
    ['another type', [{ op: 'replace', path: '/resourceType', value: 'Practitioner' }], 422],
    ['what is no Patient then', [{ op: 'add', path: '/gender', value: 'unheard of' }], 422],
    ['an unknown element', [{ op: 'add', path: '/nonsense', value: 1 }], 400],
  ])('with %s changes nothing', async (_what, operations, status) => {
    const { id } = await created();
    const answer = await client.send('PATCH', `Patient/${id}`, operations, JSON_PATCH);
    expect([answer.status, (answer.body as OperationOutcome).resourceType]).toEqual([status, 'OperationOutcome']);
    expect((await client.get<Patient>(`Patient/${id}`)).body.meta?.versionId).toBe('1');
  });

  test('that copies itself over and over, or has too many operations, is refused at once', async () => {
    const { id } = await created({ name: [{ family: 'Long'.repeat(1000) }] });
    const copies = Array.from({ length: 60 }, () => ({ op: 'copy', from: '/name', path: '/name/-' }));
    refused(await client.send('PATCH', `Patient/${id}`, copies, JSON_PATCH), 422, 'too-costly');
    const many = Array.from({ length: 100_000 }, () => ({ op: 'add', path: '/name/0', value: { family: 'x' } }));
    refused(await client.send('PATCH', `Patient/${id}`, many, JSON_PATCH), 422, 'too-costly');
  });

  test('does not reach what is no JSON', async () => {
    const { id } = await created();
    for (const path of ['/__proto__/x', '/constructor/prototype/x', '/identifier/__proto__/x']) {
      const operations = [{ op: 'add', path, value: 'y' }];
      expect((await client.send('PATCH', `Patient/${id}`, operations, JSON_PATCH)).status, path).toBeGreaterThan(399);
    }
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  test('of what is not there is 404, of what was deleted 410', async () => {
    const operations = [{ op: 'add', path: '/active', value: true }];
    refused(await client.send('PATCH', 'Patient/never-was', operations, JSON_PATCH), 404, 'not-found');
    const { id } = await created();
    await client.send('DELETE', `Patient/${id}`);
    refused(await client.send('PATCH', `Patient/${id}`, operations, JSON_PATCH), 410, 'deleted');
  });
});

describe('conditional interactions', () => {
  const where = () => `identifier=urn:mark|${mark}`;
  const operations = [{ op: 'add', path: '/active', value: true }];

  test('create: none makes one, one is given back, two are 412', async () => {
    const create = () => client.post<Patient>('Patient', person(), { 'if-none-exist': where() });
    const first = await create();
    const second = await create();
    expect([first.status, second.status, second.body.id]).toEqual([201, 200, first.body.id]);
    expect(second.headers.get('location')).toBe(`${server.base}/Patient/${first.body.id}/_history/1`);
    await created();
    refused(await create(), 412, 'multiple-matches');
    expect(await found()).toHaveLength(2);
  });

  test('create: of sixteen at the same time, one is made', async () => {
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => client.post<Patient>('Patient', person(), { 'if-none-exist': where() })),
    );
    expect(await found()).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  test('update: none makes one, one is updated, two are 412', async () => {
    const update = (more: Partial<Patient>) => client.put<Patient>(`Patient?${where()}`, person(more));
    const first = await update({});
    const second = await update({ active: true });
    expect([first.status, second.status, second.body.id, second.body.meta?.versionId]).toEqual([
      201,
      200,
      first.body.id,
      '2',
    ]);
    refused(await update({ id: 'another' }), 400, 'value');
    await created();
    refused(await update({}), 412, 'multiple-matches');
  });

  test('update: with an id, where there is none, makes it with that id', async () => {
    const answer = await client.put<Patient>(`Patient?${where()}`, person({ id: `own-${mark}` }));
    expect([answer.status, answer.body.id]).toEqual([201, `own-${mark}`]);
  });

  test('patch: none is 404, one is patched, two are 412', async () => {
    const patch = () => client.send<Patient>('PATCH', `Patient?${where()}`, operations, JSON_PATCH);
    refused(await patch(), 404, 'not-found');
    await created();
    expect((await patch()).body).toMatchObject({ active: true, meta: { versionId: '2' } });
    await created();
    refused(await patch(), 412, 'multiple-matches');
  });

  test('delete: none is nothing, one is deleted, two are 412', async () => {
    const remove = () => client.send('DELETE', `Patient?${where()}`);
    expect((await remove()).status).toBe(204);
    await created();
    expect((await remove()).status).toBe(204);
    expect(await found()).toEqual([]);
    await created();
    await created();
    refused(await remove(), 412, 'multiple-matches');
    expect(await found()).toHaveLength(2);
  });

  test('without criteria, with empty ones, or with unknown ones, nothing is done', async () => {
    await created();
    await created();
    const shapes = [
      '_count=1',
      '_count=1&_offset=1',
      '_sort=_id',
      '_type=Patient',
      '_total=accurate',
      '_include=Patient:link',
    ];
    for (const query of [
      '',
      '?',
      '?identifier=',
      '?_format=json',
      '?nonsense=1',
      ...shapes.map((shape) => `?${shape}`),
    ]) {
      const answers = [
        await client.put(`Patient${query}`, person()),
        await client.send('PATCH', `Patient${query}`, operations, JSON_PATCH),
        await client.send('DELETE', `Patient${query}`),
      ];
      const status = shapes.includes(query.slice(1)) ? 412 : 400;
      expect(
        answers.map((answer) => answer.status),
        query,
      ).toEqual([status, status, status]);
    }
    for (const shape of shapes) {
      refused(await client.send('DELETE', `Patient?${where()}&${shape}`), 412, 'multiple-matches');
    }
    refused(await client.post('Patient', person(), { 'if-none-exist': 'nonsense=1' }), 400, 'not-supported');
    refused(await client.post('Patient', person(), { 'if-none-exist': '' }), 400, 'required');
    const lenient = await client.send('DELETE', 'Patient?nonsense=1', undefined, { prefer: 'handling=lenient' });
    expect(lenient.status).toBe(400);
    expect(await found()).toHaveLength(2);
  });

  test('what others refer to is not deleted, 409, apart from what AuditEvent and Provenance tell of', async () => {
    const { id } = await created();
    const reference = `Patient/${id}`;
    const provenance = await client.post('Provenance', {
      resourceType: 'Provenance',
      target: [{ reference }],
      recorded: '2026-03-02T08:00:00Z',
      agent: [{ who: { display: 'tests' } }],
    });
    expect(provenance.status).toBe(201);
    const observation = await client.post<Observation>('Observation', {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'c' },
      subject: { reference },
    });
    refused(await client.send('DELETE', reference), 409, 'conflict');
    await client.send('DELETE', `Observation/${observation.body.id}`);
    expect((await client.send('DELETE', reference)).status).toBe(204);
  });
});
