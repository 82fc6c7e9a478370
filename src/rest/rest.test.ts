import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningRest, restInMemory } from '../../tests/kit/rest-in-memory.ts';
import { resourceTypes } from '../model/resource-types.ts';

const FHIR = 'application/fhir+json';
const outcomeTag = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };

let rest: RunningRest;

beforeAll(async () => {
  rest = await restInMemory();
});

afterAll(() => rest.close());

interface Asked {
  readonly headers?: Record<string, string | undefined>;
  readonly body?: unknown;
}

async function ask(method: string, path: string, { headers = {}, body }: Asked = {}) {
  const response = await fetch(rest.base + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': FHIR }), ...(headers as Record<string, string>) },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const json = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, text, json };
}

/** A new patient's id. */
async function patient(extra: object = {}): Promise<string> {
  const { json } = await ask('POST', '/Patient', { body: { resourceType: 'Patient', active: true, ...extra } });
  return json.id;
}

function expectOutcome(
  answer: { status: number; json: { resourceType: string; issue: { code: string }[] } },
  status: number,
  code: string,
) {
  expect(answer.status).toBe(status);
  expect(answer.json.resourceType).toBe('OperationOutcome');
  expect(answer.json.issue[0]?.code).toBe(code);
}

describe('create', () => {
  it('answers 201 with Location, ETag, Last-Modified and the resource as it was sent', async () => {
    const text = '{ "resourceType": "Observation", "valueQuantity": {"value": 1.00}, "status": "final" }';
    const answer = await ask('POST', '/Observation', { body: text });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`${rest.base}/Observation/${answer.json.id}/_history/1`);
    expect(answer.headers.get('etag')).toBe('W/"1"');
    expect(answer.headers.get('last-modified')).toBe('Mon, 02 Mar 2026 08:00:00 GMT');
    expect(answer.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    expect(answer.text).toBe(
      `{"resourceType":"Observation","id":"${answer.json.id}","meta":{"versionId":"1","lastUpdated":"2026-03-02T08:00:00.123Z"},"valueQuantity":{"value":1.00},"status":"final"}`,
    );
  });

  it('gives back what Prefer asks for', async () => {
    const body = { resourceType: 'Patient' };
    const minimal = await ask('POST', '/Patient', { body, headers: { prefer: 'return=minimal' } });
    expect([minimal.status, minimal.text]).toEqual([201, '']);
    expect(minimal.headers.get('location')).toContain('/Patient/');
    const outcome = await ask('POST', '/Patient', { body, headers: { prefer: 'return=OperationOutcome' } });
    expect(outcome.json.issue[0].severity).toBe('information');
  });

  it('answers 200 with what exists already under If-None-Exist', async () => {
    const id = await patient({ gender: 'other' });
    const answer = await ask('POST', '/Patient', {
      body: { resourceType: 'Patient', gender: 'other' },
      headers: { 'if-none-exist': 'gender=other' },
    });
    expect([answer.status, answer.json.id]).toEqual([200, id]);
  });

  it('refuses If-None-Exist without criteria', async () => {
    const headers = { 'if-none-exist': 'gender=' };
    expectOutcome(await ask('POST', '/Patient', { body: { resourceType: 'Patient' }, headers }), 400, 'required');
  });

  it('refuses a resource of another type, of no type and of an unknown type', async () => {
    expectOutcome(await ask('POST', '/Patient', { body: { resourceType: 'Observation' } }), 400, 'invalid');
    expectOutcome(await ask('POST', '/Patient', { body: {} }), 400, 'structure');
    const unknown = await ask('POST', '/Patient', { body: { resourceType: 'Patiënt' } });
    expectOutcome(unknown, 400, 'structure');
    expect(unknown.json.issue[0].diagnostics).toContain('Patient');
  });

  it.each([
    ['broken JSON', '{"resourceType":"Patient"'],
    ['duplicate keys', '{"resourceType":"Patient","active":true,"active":false}'],
    ['nesting of 10^5 levels', `{"resourceType":"Patient","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['NUL', '{"resourceType":"Patient","language":"\\u0000"}'],
    ['half a surrogate pair', '{"resourceType":"Patient","language":"\\ud800"}'],
    ['__proto__', '{"resourceType":"Patient","__proto__":{"active":true}}'],
    ['an array', '[{"resourceType":"Patient"}]'],
  ])('refuses %s with 400 and an OperationOutcome', async (_what, body) => {
    expectOutcome(await ask('POST', '/Patient', { body }), 400, 'structure');
  });

  it('refuses an empty body', async () => {
    expectOutcome(await ask('POST', '/Patient', { body: '' }), 400, 'required');
  });
});

describe('content types', () => {
  it.each([
    'application/fhir+json',
    'application/json',
    'application/fhir+json; charset=UTF-8',
    'application/json;charset=utf-8',
  ])('takes %s', async (type) => {
    expect(
      (await ask('POST', '/Patient', { body: { resourceType: 'Patient' }, headers: { 'content-type': type } })).status,
    ).toBe(201);
  });

  it.each([
    'application/fhir+xml',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=latin1',
    '',
  ])('refuses %s with 415', async (type) => {
    const answer = await ask('POST', '/Patient', {
      body: { resourceType: 'Patient' },
      headers: { 'content-type': type },
    });
    expectOutcome(answer, 415, 'not-supported');
  });

  it.each([
    ['application/fhir+json, */*; q=0.1', 'application/fhir+json; charset=utf-8'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'application/fhir+json; charset=utf-8'],
    ['application/json', 'application/json; charset=utf-8'],
    ['application/fhir+xml, application/json;q=0.5', 'application/json; charset=utf-8'],
  ])('answers Accept: %s in %s', async (accept, type) => {
    const id = await patient();
    expect((await ask('GET', `/Patient/${id}`, { headers: { accept } })).headers.get('content-type')).toBe(type);
  });

  it('answers 406 where no JSON is accepted, by Accept or by _format, which overrules it', async () => {
    const id = await patient();
    expectOutcome(
      await ask('GET', `/Patient/${id}`, { headers: { accept: 'application/fhir+xml' } }),
      406,
      'not-supported',
    );
    expectOutcome(await ask('GET', `/Patient/${id}?_format=xml`), 406, 'not-supported');
    const headers = { accept: 'application/fhir+xml' };
    expect((await ask('GET', `/Patient/${id}?_format=json`, { headers })).status).toBe(200);
    expect((await ask('GET', `/Patient/${id}?_format=application/fhir+json`, { headers })).status).toBe(200);
  });
});

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

describe('addresses', () => {
  it('names near types for an unknown one', async () => {
    const answer = await ask('GET', '/Pateint/1');
    expectOutcome(answer, 404, 'not-supported');
    expect(answer.json.issue[0].diagnostics).toContain('Patient');
    expect((await ask('GET', '/questionnaireresponse')).json.issue[0].diagnostics).toContain('QuestionnaireResponse');
  });

  it.each([
    '/Patient/a_b',
    `/Patient/${'a'.repeat(65)}`,
    '/Patient/%00',
    '/Patient/1/_history/0',
    '/Patient/1/_history/x',
    '/Patient/1/2/3/4',
    '//Patient',
  ])('answers 404 for %s', async (path) => {
    expect((await ask('GET', path)).status).toBe(404);
  });

  it('answers 400 for a path or query that is not percent-encoded UTF-8', async () => {
    expectOutcome(await ask('GET', '/Patient/%ff'), 400, 'invalid');
    expectOutcome(await ask('GET', '/Patient?name=%ff'), 400, 'invalid');
    expectOutcome(await ask('GET', '/Patient?name=%00'), 400, 'invalid');
  });

  it('answers 405 with Allow for a method that the address does not take', async () => {
    const answer = await ask('PUT', '/Patient/1/_history', { body: {} });
    expectOutcome(answer, 405, 'not-supported');
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
    expect((await ask('POST', '/Patient/1', { body: {} })).headers.get('allow')).toBe('GET, PUT, PATCH, DELETE, HEAD');
    expect((await ask('GET', '/Patient/_search')).headers.get('allow')).toBe('POST');
  });

  it('takes slashes at the end', async () => {
    const id = await patient();
    expect((await ask('GET', `/Patient/${id}/`)).status).toBe(200);
  });
});

describe('update', () => {
  it('creates with 201 where there is none, then updates with 200', async () => {
    const body = { resourceType: 'Patient', id: 'put-1' };
    expect((await ask('PUT', '/Patient/put-1', { body })).status).toBe(201);
    const second = await ask('PUT', '/Patient/put-1', { body });
    expect([second.status, second.headers.get('etag')]).toEqual([200, 'W/"2"']);
  });

  it('refuses a body with another id or none', async () => {
    expectOutcome(await ask('PUT', '/Patient/a', { body: { resourceType: 'Patient', id: 'b' } }), 400, 'invalid');
    expectOutcome(await ask('PUT', '/Patient/a', { body: { resourceType: 'Patient' } }), 400, 'invalid');
  });

  it.each(['W/"1"', '"1"', '1', 'W/1'])('takes If-Match: %s', async (tag) => {
    const id = await patient();
    const answer = await ask('PUT', `/Patient/${id}`, {
      body: { resourceType: 'Patient', id },
      headers: { 'if-match': tag },
    });
    expect(answer.status).toBe(200);
  });

  it.each(['W/"2"', 'W/"abc"', '*x'])('answers 412 to If-Match: %s where the version is 1', async (tag) => {
    const id = await patient();
    const answer = await ask('PUT', `/Patient/${id}`, {
      body: { resourceType: 'Patient', id },
      headers: { 'if-match': tag },
    });
    expectOutcome(answer, 412, 'conflict');
  });

  it('answers 412 to If-None-Match: * where the resource exists', async () => {
    const id = await patient();
    const headers = { 'if-none-match': '*' };
    expectOutcome(
      await ask('PUT', `/Patient/${id}`, { body: { resourceType: 'Patient', id }, headers }),
      412,
      'conflict',
    );
  });

  it('updates by criteria, and refuses empty ones', async () => {
    const id = await patient({ gender: 'unknown' });
    const body = { resourceType: 'Patient', gender: 'unknown', active: false };
    expect((await ask('PUT', '/Patient?gender=unknown', { body })).json.id).toBe(id);
    expectOutcome(await ask('PUT', '/Patient?gender=', { body }), 400, 'required');
    expectOutcome(await ask('PUT', '/Patient', { body }), 400, 'required');
  });
});

describe('patch', () => {
  const headers = { 'content-type': 'application/json-patch+json' };

  it('hands the operations on', async () => {
    const id = await patient();
    const body = [{ op: 'remove', path: '/active' }];
    expect((await ask('PATCH', `/Patient/${id}`, { body, headers })).json.language).toBe('1');
    expect((await ask('PATCH', `/Patient?_id=${id}`, { body, headers })).headers.get('etag')).toBe('W/"3"');
  });

  it('refuses other content types, and what is no array', async () => {
    const id = await patient();
    expectOutcome(await ask('PATCH', `/Patient/${id}`, { body: [] }), 415, 'not-supported');
    expectOutcome(await ask('PATCH', `/Patient/${id}`, { body: {}, headers }), 400, 'structure');
  });
});

describe('delete', () => {
  it('answers 204 with the version it made, and 204 for what is not there', async () => {
    const id = await patient();
    const answer = await ask('DELETE', `/Patient/${id}`);
    expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([204, '', 'W/"2"']);
    expect((await ask('DELETE', '/Patient/none')).status).toBe(204);
    expect(
      (await ask('DELETE', '/Patient/none', { headers: { prefer: 'return=OperationOutcome' } })).json.issue[0].code,
    ).toBe('not-found');
  });

  it('refuses to delete by no criteria', async () => {
    expectOutcome(await ask('DELETE', '/Patient'), 400, 'required');
    expectOutcome(await ask('DELETE', '/Patient?_format=json'), 400, 'required');
  });
});

describe('search', () => {
  beforeAll(async () => {
    for (const language of ['a', 'b', 'c']) {
      await ask('POST', '/Patient', { body: { resourceType: 'Patient', gender: 'female', language } });
    }
  });

  it('answers a searchset with absolute addresses, self and next', async () => {
    const { json } = await ask('GET', '/Patient?gender=female&_count=2');
    expect(json).toMatchObject({ resourceType: 'Bundle', type: 'searchset' });
    expect(json.total).toBeUndefined();
    expect(json.entry).toHaveLength(2);
    expect(json.entry[0].search).toEqual({ mode: 'match' });
    expect(json.entry[0].fullUrl).toBe(`${rest.base}/Patient/${json.entry[0].resource.id}`);
    expect(json.link).toEqual([
      { relation: 'self', url: `${rest.base}/Patient?gender=female&_count=2` },
      { relation: 'next', url: `${rest.base}/Patient?gender=female&_count=2&_page=2` },
    ]);
    const next = (await ask('GET', json.link[1].url.slice(rest.base.length))).json;
    expect(next.entry).toHaveLength(1);
    expect(next.link.map(({ relation }: { relation: string }) => relation)).toEqual(['self', 'previous']);
  });

  it('has no entry where there is no match', async () => {
    const { json } = await ask('GET', '/Patient?gender=none');
    expect('entry' in json).toBe(false);
  });

  it('searches by POST with the parameters of url and body together', async () => {
    const body = 'gender=female&_count=1';
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { json, status } = await ask('POST', '/Patient/_search?_total=accurate', { body, headers });
    expect([status, json.total, json.entry.length]).toEqual([200, 3, 1]);
    expect(json.link[0].url).toBe(`${rest.base}/Patient?_total=accurate&gender=female&_count=1`);
    expectOutcome(await ask('POST', '/Patient/_search', { body: {} }), 415, 'not-supported');
  });

  it('searches the system by _type', async () => {
    const { json } = await ask('GET', '?_type=Patient&_count=1');
    expect(json.entry).toHaveLength(1);
    expect(json.link[0].url).toBe(`${rest.base}?_type=Patient&_count=1`);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await ask('POST', '/_search', { body: '_type=Patient&_count=1', headers })).json.entry).toHaveLength(1);
  });

  it('refuses an unknown parameter, or ignores it, names it and leaves it out of self under handling=lenient', async () => {
    expectOutcome(await ask('GET', '/Patient?nonsense=1'), 400, 'not-supported');
    const { json } = await ask('GET', '/Patient?nonsense=1&_count=1', { headers: { prefer: 'handling=lenient' } });
    expect(json.link[0].url).toBe(`${rest.base}/Patient?_count=1`);
    expect(json.entry.at(-1)).toMatchObject({
      search: { mode: 'outcome' },
      resource: { resourceType: 'OperationOutcome' },
    });
  });

  it('counts only under _summary=count', async () => {
    const { json } = await ask('GET', '/Patient?gender=female&_summary=count');
    expect(json).toEqual({
      resourceType: 'Bundle',
      type: 'searchset',
      total: 3,
      link: [{ relation: 'self', url: `${rest.base}/Patient?gender=female&_summary=count` }],
    });
  });

  it('keeps the view in the links of pages', async () => {
    const { json } = await ask('GET', '/Patient?gender=female&_count=1&_elements=gender');
    expect(json.link[1].url).toContain('_elements=gender');
    expect(json.entry[0].resource.language).toBeUndefined();
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

describe('operations', () => {
  it('$validate answers 200 with what is wrong, for a bare resource and for Parameters', async () => {
    const wrong = { resourceType: 'Observation' };
    const bare = await ask('POST', '/Observation/$validate', { body: wrong });
    expectOutcome(bare, 200, 'required');
    const wrapped = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'mode', valueCode: 'create' },
        { name: 'resource', resource: wrong },
      ],
    };
    expectOutcome(await ask('POST', '/Observation/$validate', { body: wrapped }), 200, 'required');
    const right = { ...wrong, status: 'final' };
    expectOutcome(await ask('POST', '/Observation/$validate', { body: right }), 200, 'informational');
  });

  it('$validate refuses an unknown mode, another type, and nothing', async () => {
    expectOutcome(await ask('POST', '/Patient/$validate?mode=x', { body: { resourceType: 'Patient' } }), 400, 'value');
    expectOutcome(await ask('POST', '/Patient/$validate', { body: { resourceType: 'Basic' } }), 400, 'invalid');
    expectOutcome(await ask('POST', '/Patient/$validate'), 400, 'required');
  });

  it('$everything answers a searchset, $meta the meta', async () => {
    const id = await patient();
    const everything = await ask('GET', `/Patient/${id}/$everything`);
    expect(everything.json.entry[0].resource.id).toBe(id);
    expect((await ask('GET', `/Patient/${id}/$meta`)).json.parameter[0].valueMeta.versionId).toBe('1');
  });

  it('answers 404 for an operation that is not there, or not there', async () => {
    expectOutcome(await ask('POST', '/Patient/$nonsense'), 404, 'not-supported');
    expectOutcome(await ask('GET', '/Observation/1/$everything'), 404, 'not-supported');
    expectOutcome(await ask('GET', '/$everything'), 404, 'not-supported');
  });
});

describe('metadata', () => {
  it('lists what is there', async () => {
    const { json } = await ask('GET', '/metadata');
    expect(json).toMatchObject({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', kind: 'instance' });
    const { resource } = json.rest[0];
    expect(resource).toHaveLength(resourceTypes.length);
    const own = resource.find(({ type }: { type: string }) => type === 'Patient');
    expect(own.operation.map(({ name }: { name: string }) => name)).toEqual(['validate', 'everything', 'meta']);
    expect(own.interaction).toContainEqual({ code: 'patch' });
  });
});

describe('batch', () => {
  const batch = (...entry: object[]) => ({ resourceType: 'Bundle', type: 'batch', entry });

  it('answers each entry for itself, in order, with or without slashes or the base before urls', async () => {
    const id = await patient();
    const body = batch(
      { request: { method: 'GET', url: `/Patient/${id}` } },
      { request: { method: 'GET', url: `${rest.base}/Patient/none` } },
      { request: { method: 'GET', url: `Patient/${id}`, ifNoneMatch: 'W/"1"' } },
      { request: { method: 'POST', url: 'Patient' }, resource: { resourceType: 'Patient', multipleBirthInteger: 1 } },
      { request: { method: 'PUT', url: `Patient/${id}`, ifMatch: 'W/"9"' }, resource: { resourceType: 'Patient', id } },
      { request: { method: 'DELETE', url: `Patient/${id}` } },
      { request: { method: 'GET', url: `Patient?_id=${id}` } },
      { request: { method: 'GET', url: 'Nonsense/1' } },
      { request: { method: 'SPAWN', url: 'Patient/1' } },
    );
    for (const path of ['', '/']) {
      const { json, status } = await ask('POST', path, { body });
      expect([status, json.type]).toEqual([200, 'batch-response']);
      if (path === '') {
        const statuses = json.entry.map(({ response }: { response: { status: string } }) => response.status);
        expect(statuses).toEqual(['200', '404', '304', '201', '412', '204', '200', '404', '400']);
        expect(json.entry[0].resource.id).toBe(id);
        expect(json.entry[1].response.outcome.issue[0].code).toBe('not-found');
        expect(json.entry[3].response).toMatchObject({
          location: `Patient/${json.entry[3].resource.id}/_history/1`,
          etag: 'W/"1"',
          lastModified: '2026-03-02T08:00:00.123Z',
        });
        expect(json.entry[6].resource.type).toBe('searchset');
      }
    }
  });

  it('keeps the exact text of its entries', async () => {
    const body = `{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"PUT","url":"Observation/exact"},"resource":{"resourceType":"Observation","id":"exact","valueQuantity":{ "value" : 1.50 }}}]}`;
    await ask('POST', '', { body });
    expect((await ask('GET', '/Observation/exact')).text).toContain('"valueQuantity":{"value":1.50}');
  });

  it('honours Prefer inside', async () => {
    const entry = { request: { method: 'POST', url: 'Patient' }, resource: { resourceType: 'Patient' } };
    const minimal = await ask('POST', '', { body: batch(entry), headers: { prefer: 'return=minimal' } });
    expect('resource' in minimal.json.entry[0]).toBe(false);
    const outcome = await ask('POST', '', { body: batch(entry), headers: { prefer: 'return=OperationOutcome' } });
    expect(outcome.json.entry[0].response.outcome.issue[0].severity).toBe('information');
  });

  it('refuses nested Bundles, absolute urls elsewhere and duplicate fullUrls', async () => {
    const nested = await ask('POST', '', { body: batch({ request: { method: 'POST', url: '/' }, resource: batch() }) });
    expect(nested.json.entry[0].response.status).toBe('400');
    const elsewhere = await ask('POST', '', {
      body: batch({ request: { method: 'GET', url: 'http://x.example/Patient/1' } }),
    });
    expect(elsewhere.json.entry[0].response.status).toBe('400');
    const twice = { fullUrl: 'urn:uuid:1', request: { method: 'GET', url: 'Patient' } };
    expectOutcome(await ask('POST', '', { body: batch(twice, twice) }), 400, 'duplicate');
  });

  it('answers an empty batch', async () => {
    expect((await ask('POST', '', { body: { resourceType: 'Bundle', type: 'batch' } })).json).toEqual({
      resourceType: 'Bundle',
      type: 'batch-response',
    });
  });
});

describe('transaction', () => {
  const transaction = (...entry: object[]) => ({ resourceType: 'Bundle', type: 'transaction', entry });

  it('answers in the order of the entries', async () => {
    const id = await patient();
    const data = Buffer.from('[{"op":"remove","path":"/active"}]').toString('base64');
    const body = transaction(
      { fullUrl: 'urn:uuid:a', request: { method: 'POST', url: 'Patient' }, resource: { resourceType: 'Patient' } },
      { request: { method: 'PUT', url: '/Patient/tx' }, resource: { resourceType: 'Patient', id: 'tx' } },
      {
        request: { method: 'PATCH', url: `Patient/${id}` },
        resource: { resourceType: 'Binary', contentType: 'application/json-patch+json', data },
      },
      { request: { method: 'GET', url: 'Patient/tx?_elements=active' } },
      { request: { method: 'GET', url: 'Patient?_id=tx' } },
      { request: { method: 'DELETE', url: 'Patient/tx' } },
      { request: { method: 'DELETE', url: 'Patient/none' } },
    );
    const { json, status } = await ask('POST', '/', { body });
    expect([status, json.type]).toEqual([200, 'transaction-response']);
    const statuses = json.entry.map(({ response }: { response: { status: string } }) => response.status);
    expect(statuses).toEqual(['201', '201', '200', '200', '200', '204', '204']);
    expect(json.entry[1].response.location).toBe('Patient/tx/_history/1');
    expect(json.entry[3].resource.meta.tag).toEqual([outcomeTag]);
    expect(json.entry[4].resource.entry[0].fullUrl).toBe(`${rest.base}/Patient/tx`);
  });

  it.each([
    [
      'an operation',
      { request: { method: 'POST', url: 'Patient/$validate' }, resource: { resourceType: 'Patient' } },
      'not-supported',
    ],
    ['an unknown type', { request: { method: 'GET', url: 'Nonsense/1' } }, 'not-supported'],
    [
      'another type than its url',
      { request: { method: 'POST', url: 'Patient' }, resource: { resourceType: 'Basic' } },
      'invalid',
    ],
    [
      'another id than its url',
      { request: { method: 'PUT', url: 'Patient/a' }, resource: { resourceType: 'Patient', id: 'b' } },
      'invalid',
    ],
    ['no resource', { request: { method: 'POST', url: 'Patient' } }, 'required'],
    ['no request', { resource: { resourceType: 'Patient' } }, 'required'],
    ['a delete of everything', { request: { method: 'DELETE', url: 'Patient' } }, 'required'],
  ])('is refused as a whole for an entry with %s, and says which', async (_what, entry, code) => {
    const good = {
      request: { method: 'PUT', url: 'Patient/never' },
      resource: { resourceType: 'Patient', id: 'never' },
    };
    const answer = await ask('POST', '', { body: transaction(good, entry) });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.json.issue[0].code).toBe(code);
    expect(answer.json.issue[0].expression[0]).toContain('Bundle.entry[1]');
    expect((await ask('GET', '/Patient/never')).status).toBe(404);
  });

  it('is refused above the limit of entries', async () => {
    const small = await restInMemory({ limits: { entriesMax: 2 } });
    const entry = { request: { method: 'GET', url: 'Patient' } };
    const response = await fetch(small.base, {
      method: 'POST',
      headers: { 'content-type': FHIR },
      body: JSON.stringify(transaction(entry, entry, entry)),
    });
    expect(response.status).toBe(413);
    await small.close();
  });

  it('takes no Bundle of another type, and nothing but a Bundle', async () => {
    expectOutcome(await ask('POST', '', { body: { resourceType: 'Bundle', type: 'collection' } }), 400, 'value');
    expectOutcome(await ask('POST', '', { body: { resourceType: 'Patient' } }), 400, 'invalid');
  });
});

describe('faults of the server', () => {
  it('answer 500 with an error id, which the log has too, and without any data', async () => {
    const failing = await restInMemory({
      interactions: {
        read: async () => {
          throw new Error('duplicate key value (family)=(Secretsen)');
        },
      },
    });
    const response = await fetch(`${failing.base}/Patient/1`);
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).toContain('error-1');
    expect(text).not.toContain('Secretsen');
    expect(failing.logged.join()).toContain('error-1');
    expect(failing.logged.join()).not.toContain('Secretsen');
    await failing.close();
  });
});
