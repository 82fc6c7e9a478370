import type { Observation, OperationOutcome, Patient } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { expectRefused, marked } from '../kit/marked.ts';

const JSON_PATCH = { 'content-type': 'application/json-patch+json' };

const at = marked('instance');

describe('create and read', () => {
  test('answer with Location, ETag and Last-Modified, which agree with meta', async () => {
    const answer = await at.client.post<Patient>('Patient', at.patient());
    const { id, meta } = answer.body;
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`${at.base}/Patient/${id}/_history/1`);
    expect(answer.headers.get('etag')).toBe('W/"1"');
    expect(answer.headers.get('last-modified')).toBe(new Date(meta?.lastUpdated ?? '').toUTCString());
    const read = await at.client.get<Patient>(`Patient/${id}`);
    expect([read.status, read.body]).toEqual([200, answer.body]);
    expect(read.headers.get('etag')).toBe('W/"1"');
    expect((await at.client.get<Patient>(answer.headers.get('location') ?? '')).body).toEqual(answer.body);
  });

  test('an id, a version and a time that a client sends with a create are replaced', async () => {
    const sent = at.patient({
      id: 'mine',
      meta: { versionId: '17', lastUpdated: '2001-01-01T00:00:00Z', source: 'urn:s' },
    });
    const { body } = await at.client.post<Patient>('Patient', sent);
    expect(body.id).not.toBe('mine');
    expect(body.meta).toMatchObject({ versionId: '1', source: 'urn:s' });
    expect(body.meta?.lastUpdated?.startsWith('2001')).toBe(false);
  });

  test('Prefer decides what a write gives back', async () => {
    const minimal = await at.client.post('Patient', at.patient(), { prefer: 'return=minimal' });
    expect([minimal.status, minimal.body]).toEqual([201, undefined]);
    expect(minimal.headers.get('location')).toContain('/Patient/');
    const outcome = await at.client.post<OperationOutcome>('Patient', at.patient(), {
      prefer: 'return=OperationOutcome',
    });
    expect([outcome.status, outcome.body.resourceType]).toEqual([201, 'OperationOutcome']);
    const whole = await at.client.post<Patient>('Patient', at.patient(), { prefer: 'return=representation' });
    expect(whole.body.identifier?.[0]?.value).toBe(at.mark);
  });

  test('what never was is 404, what was deleted is 410 and stays in its history', async () => {
    expectRefused(await at.client.get('Patient/never-was'), 404, 'not-found');
    const { id } = await at.created();
    const gone = await at.client.send('DELETE', `Patient/${id}`);
    expect([gone.status, gone.headers.get('etag')]).toEqual([204, 'W/"2"']);
    expectRefused(await at.client.get(`Patient/${id}`), 410, 'deleted');
    expectRefused(await at.client.get(`Patient/${id}/_history/2`), 410, 'deleted');
    expect((await at.client.get(`Patient/${id}/_history/1`)).status).toBe(200);
    const unmade = await at.client.get<OperationOutcome>(`Patient/${id}/_history/3`);
    expectRefused(unmade, 404, 'not-found');
    expect(unmade.body.issue[0]?.diagnostics).toContain('version');
    expect(await at.patients()).toEqual([]);
    expect((await at.client.send('DELETE', `Patient/${id}`)).status).toBe(204);
    expect((await at.client.send('DELETE', 'Patient/never-was')).status).toBe(204);
  });

  test('If-None-Match and If-Modified-Since answer 304 without a body', async () => {
    const { id } = await at.created();
    const modified = (await at.client.get(`Patient/${id}`)).headers.get('last-modified') ?? '';
    const conditions: Record<string, string>[] = [
      { 'if-none-match': 'W/"1"' },
      { 'if-none-match': '"7", W/"1"' },
      { 'if-modified-since': modified },
    ];
    for (const headers of conditions) {
      const answer = await at.client.get(`Patient/${id}`, headers);
      expect([answer.status, answer.body], JSON.stringify(headers)).toEqual([304, undefined]);
      expect(answer.headers.get('etag')).toBe('W/"1"');
    }
    expect((await at.client.get(`Patient/${id}`, { 'if-none-match': 'W/"2"' })).status).toBe(200);
    const before = new Date(Date.parse(modified) - 1000).toUTCString();
    expect((await at.client.get(`Patient/${id}`, { 'if-modified-since': before })).status).toBe(200);
  });

  test('HEAD answers as GET does, without the body', async () => {
    const { id } = await at.created();
    const answer = await fetch(`${at.base}/Patient/${id}`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('etag'), await answer.text()]).toEqual([200, 'W/"1"', '']);
  });
});

describe('update', () => {
  test('makes the next version, 200; by PUT of a new id the first, 201; after a delete the one after it, 201', async () => {
    const id = `put-${at.mark}`;
    const versions = [];
    for (const active of [true, false]) {
      const answer = await at.client.put<Patient>(`Patient/${id}`, at.patient({ id, active }));
      versions.push([answer.status, answer.body.meta?.versionId, answer.headers.get('location')]);
    }
    await at.client.send('DELETE', `Patient/${id}`);
    const again = await at.client.put<Patient>(`Patient/${id}`, at.patient({ id }));
    versions.push([again.status, again.body.meta?.versionId, again.headers.get('location')]);
    expect(versions).toEqual([
      [201, '1', `${at.base}/Patient/${id}/_history/1`],
      [200, '2', `${at.base}/Patient/${id}/_history/2`],
      [201, '4', `${at.base}/Patient/${id}/_history/4`],
    ]);
    expect((await at.client.get(`Patient/${id}`)).status).toBe(200);
    expect(await at.patients()).toHaveLength(1);
  });

  test('If-Match takes the current version only', async () => {
    const patient = await at.created();
    const address = `Patient/${patient.id}`;
    expectRefused(await at.client.put(address, patient, { 'if-match': 'W/"2"' }), 412, 'conflict');
    expect((await at.client.put(address, { ...patient, active: true }, { 'if-match': 'W/"1"' })).status).toBe(200);
    expectRefused(await at.client.put(address, patient, { 'if-match': 'W/"1"' }), 412, 'conflict');
    expectRefused(await at.client.send('DELETE', address, undefined, { 'if-match': 'W/"1"' }), 412, 'conflict');
    const operations = [{ op: 'remove', path: '/active' }];
    expectRefused(
      await at.client.send('PATCH', address, operations, { ...JSON_PATCH, 'if-match': 'W/"1"' }),
      412,
      'conflict',
    );
    expect((await at.client.send('PATCH', address, operations, { ...JSON_PATCH, 'if-match': 'W/"2"' })).status).toBe(
      200,
    );
    expect((await at.client.send('DELETE', address, undefined, { 'if-match': 'W/"3"' })).status).toBe(204);
  });

  test('If-Match: * takes any current version, and makes no resource', async () => {
    const { id } = await at.created();
    const put = (patient: Patient) => at.client.put(`Patient/${patient.id}`, patient, { 'if-match': '*' });
    expect((await put(at.patient({ id, active: true }))).status).toBe(200);
    expectRefused(await put(at.patient({ id: at.mark })), 412, 'conflict');
    expect((await at.client.send('DELETE', `Patient/${id}`, undefined, { 'if-match': '*' })).status).toBe(204);
    expectRefused(await put(at.patient({ id })), 412, 'conflict');
    expect(await at.patients()).toEqual([]);
  });

  test('If-Match of a resource that is not there is 412, and makes none', async () => {
    const answer = await at.client.put(`Patient/${at.mark}`, at.patient({ id: at.mark }), { 'if-match': 'W/"1"' });
    expect([404, 412]).toContain(answer.status);
    expect(await at.patients()).toEqual([]);
  });

  test('If-None-Match: * creates, and does not overwrite', async () => {
    const put = () => at.client.put(`Patient/${at.mark}`, at.patient({ id: at.mark }), { 'if-none-match': '*' });
    expect((await put()).status).toBe(201);
    expectRefused(await put(), 412, 'conflict');
  });

  test('of sixteen at the same time with one If-Match, one wins', async () => {
    const patient = await at.created();
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, i) =>
        at.client.put(`Patient/${patient.id}`, { ...patient, language: `x-${i}` }, { 'if-match': 'W/"1"' }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 15 }, () => 412)]);
  });
});

describe('JSON Patch', () => {
  test('changes what it names and leaves every other digit as it was', async () => {
    const text = `{"resourceType":"Observation","status":"final","code":{"text":"\\u00e6 ${at.mark}"},"_status":{"id":"s"},"valueQuantity":{"value":1.00,"unit":"x"},"component":[{"code":{"text":"c"},"valueQuantity":{"value":1e3}},{"code":{"text":"d"},"valueQuantity":{"value":-0.0500}}],"referenceRange":[{"low":{"value":0.10}}]}`;
    const { id } = (await at.client.post<Observation>('Observation', text)).body;
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
      `"status":"amended","code":{"text":"æ ${at.mark}"},"_status":{"id":"s"},"valueQuantity":{"value":1.00,"system":"x"},"component":[{"code":{"text":"c"},"valueQuantity":{"value":1e3}},{"code":{"text":"d"},"valueQuantity":{"value":-0.0500},"interpretation":[{"text":"low"}]},{"code":{"text":"c"},"valueQuantity":{"value":1e3}}]}`,
    );
  });

  test('keeps the digits of the numbers it brings', async () => {
    const observation = {
      resourceType: 'Observation',
      status: 'final',
      code: { text: at.mark },
      valueQuantity: { value: 1 },
    };
    const { id } = (await at.client.post<Observation>('Observation', observation)).body;
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
    const answer = await fetch(`${at.base}/${path}`, { method: 'PATCH', headers: JSON_PATCH, body });
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
    const { id } = await at.created();
    const answer = await at.client.send('PATCH', `Patient/${id}`, operations, JSON_PATCH);
    expect([answer.status, (answer.body as OperationOutcome).resourceType]).toEqual([status, 'OperationOutcome']);
    expect((await at.client.get<Patient>(`Patient/${id}`)).body.meta?.versionId).toBe('1');
  });

  test('that copies itself over and over, or has too many operations, is refused at once', async () => {
    const { id } = await at.created({ name: [{ family: 'Long'.repeat(1000) }] });
    const copies = Array.from({ length: 60 }, () => ({ op: 'copy', from: '/name', path: '/name/-' }));
    expectRefused(await at.client.send('PATCH', `Patient/${id}`, copies, JSON_PATCH), 422, 'too-costly');
    const many = Array.from({ length: 100_000 }, () => ({ op: 'add', path: '/name/0', value: { family: 'x' } }));
    expectRefused(await at.client.send('PATCH', `Patient/${id}`, many, JSON_PATCH), 422, 'too-costly');
  });

  test('of what is not there is 404, of what was deleted 410', async () => {
    const operations = [{ op: 'add', path: '/active', value: true }];
    expectRefused(await at.client.send('PATCH', 'Patient/never-was', operations, JSON_PATCH), 404, 'not-found');
    const { id } = await at.created();
    await at.client.send('DELETE', `Patient/${id}`);
    expectRefused(await at.client.send('PATCH', `Patient/${id}`, operations, JSON_PATCH), 410, 'deleted');
  });
});

describe('delete', () => {
  test('what others refer to is not deleted, 409, apart from what AuditEvent and Provenance tell of', async () => {
    const { id } = await at.created();
    const reference = `Patient/${id}`;
    const provenance = await at.client.post('Provenance', {
      resourceType: 'Provenance',
      target: [{ reference }],
      recorded: '2026-03-02T08:00:00Z',
      agent: [{ who: { display: 'tests' } }],
    });
    expect(provenance.status).toBe(201);
    const observation = await at.client.post<Observation>('Observation', {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'c' },
      subject: { reference },
    });
    expectRefused(await at.client.send('DELETE', reference), 409, 'conflict');
    await at.client.send('DELETE', `Observation/${observation.body.id}`);
    expect((await at.client.send('DELETE', reference)).status).toBe(204);
  });
});
