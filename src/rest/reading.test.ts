import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asking, expectOutcome } from '../../tests/kit/asking.ts';
import { restInMemory } from '../../tests/kit/rest-in-memory.ts';

const rest = await restInMemory();
afterAll(() => rest.close());

const { ask, patient } = asking(rest);
const outcomeTag = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };

describe('read and vread', () => {
  it('answers the resource with its version', async () => {
    const id = await patient();
    const answer = await ask('GET', `/Patient/${id}`);
    expect([answer.status, answer.json.id, answer.headers.get('etag')]).toEqual([200, id, 'W/"1"']);
    expect((await ask('GET', `/Patient/${id}/_history/1`)).json.meta.versionId).toBe('1');
  });

  it('answers 304 without a body to who has the version', async () => {
    const id = await patient();
    for (const headers of [
      { 'if-none-match': 'W/"1"' },
      { 'if-none-match': '"7", "1"' },
      { 'if-modified-since': 'Mon, 02 Mar 2026 08:00:00 GMT' },
    ]) {
      const answer = await ask('GET', `/Patient/${id}`, { headers });
      expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([304, '', 'W/"1"']);
    }
  });

  it('answers 200 to who has another version, whatever the date says', async () => {
    const id = await patient();
    const headers = { 'if-none-match': 'W/"9"', 'if-modified-since': 'Mon, 02 Mar 2026 08:00:00 GMT' };
    expect((await ask('GET', `/Patient/${id}`, { headers })).status).toBe(200);
    const before = { 'if-modified-since': 'Mon, 02 Mar 2026 07:59:59 GMT' };
    expect((await ask('GET', `/Patient/${id}`, { headers: before })).status).toBe(200);
  });

  it('answers HEAD with the headers of GET and no body', async () => {
    const id = await patient();
    const get = await ask('GET', `/Patient/${id}`);
    const head = await ask('HEAD', `/Patient/${id}`);
    expect([head.status, head.text]).toEqual([200, '']);
    expect(head.headers.get('etag')).toBe('W/"1"');
    expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
  });

  it('answers 404 for what never was and 410 for what was deleted, with an OperationOutcome', async () => {
    expectOutcome(await ask('GET', '/Patient/none'), 404, 'not-found');
    const id = await patient();
    await ask('DELETE', `/Patient/${id}`);
    expectOutcome(await ask('GET', `/Patient/${id}`), 410, 'deleted');
  });
});

describe('views', () => {
  const observation =
    '{"resourceType":"Observation","id":"v","text":{"status":"empty","div":"<div/>"},"status":"final","code":{"text":"c"},"valueQuantity":{"value":1.00},"note":[{"text":"n"}],"component":[{"code":{"text":"c"},"referenceRange":[{"text":"r"}]}]}';
  const meta = `"meta":{"versionId":"1","lastUpdated":"2026-03-02T08:00:00.123Z","tag":[${JSON.stringify(outcomeTag)}]}`;

  beforeAll(async () => {
    await ask('PUT', '/Observation/v', { body: observation });
  });

  it.each([
    ['_elements=note', '"status":"final","code":{"text":"c"},"note":[{"text":"n"}]'],
    ['_elements=note.text', '"status":"final","code":{"text":"c"},"note":[{"text":"n"}]'],
    ['_fields=value', '"status":"final","code":{"text":"c"},"valueQuantity":{"value":1.00}'],
    [
      '_elements=Observation.note,component',
      '"status":"final","code":{"text":"c"},"note":[{"text":"n"}],"component":[{"code":{"text":"c"},"referenceRange":[{"text":"r"}]}]',
    ],
    ['_summary=text', '"text":{"status":"empty","div":"<div/>"},"status":"final","code":{"text":"c"}'],
    [
      '_summary=data',
      '"status":"final","code":{"text":"c"},"valueQuantity":{"value":1.00},"note":[{"text":"n"}],"component":[{"code":{"text":"c"},"referenceRange":[{"text":"r"}]}]',
    ],
    [
      '_summary=true',
      '"status":"final","code":{"text":"c"},"valueQuantity":{"value":1.00},"component":[{"code":{"text":"c"}}]',
    ],
  ])('%s keeps what it should, marks it SUBSETTED and keeps decimals', async (view, kept) => {
    expect((await ask('GET', `/Observation/v?${view}`)).text).toBe(
      `{"resourceType":"Observation","id":"v",${meta},${kept}}`,
    );
  });

  it('_summary=false leaves nothing out, _summary of another value is refused', async () => {
    expect((await ask('GET', '/Observation/v?_summary=false')).json.note).toEqual([{ text: 'n' }]);
    expectOutcome(await ask('GET', '/Observation/v?_summary=maybe'), 400, 'value');
  });

  it('_pretty indents and keeps decimals', async () => {
    expect((await ask('GET', '/Observation/v?_pretty=true')).text).toContain('\n    "value": 1.00\n');
  });

  it('_pretty indents refusals too', async () => {
    for (const [method, path] of [
      ['GET', '/Observation/none'],
      ['GET', '/Nonsense'],
      ['PUT', '/Observation'],
    ] as const) {
      expect((await ask(method, path)).text).not.toContain('\n');
      expect((await ask(method, `${path}?_pretty=true`)).text).toContain('{\n  "resourceType": "OperationOutcome",\n');
    }
  });
});

describe('history', () => {
  it('tells of every version how it came to be', async () => {
    const id = await patient();
    await ask('PUT', `/Patient/${id}`, { body: { resourceType: 'Patient', id } });
    await ask('DELETE', `/Patient/${id}`);
    const { json } = await ask('GET', `/Patient/${id}/_history`);
    expect(json).toMatchObject({ type: 'history', total: 3 });
    expect(json.link[0].url).toBe(`${rest.base}/Patient/${id}/_history`);
    expect(
      json.entry.map(({ request, response }: { request: object; response: object }) => ({ ...request, ...response })),
    ).toMatchObject([
      { method: 'DELETE', url: `Patient/${id}`, status: '204', etag: 'W/"3"' },
      { method: 'PUT', url: `Patient/${id}`, status: '200', lastModified: '2026-03-02T08:00:00.123Z' },
      { method: 'POST', url: 'Patient', status: '201' },
    ]);
    expect('resource' in json.entry[0]).toBe(false);
    expect(json.entry[1].resource.meta.versionId).toBe('2');
  });

  it('exists for a type and the system', async () => {
    expect((await ask('GET', '/Patient/_history')).json.type).toBe('history');
    expect((await ask('GET', '/_history')).json.type).toBe('history');
  });
});
