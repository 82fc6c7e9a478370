import { afterAll, describe, expect, it } from 'vitest';
import { asking, expectOutcome } from '../../tests/kit/asking.ts';
import { restInMemory } from '../../tests/kit/rest-in-memory.ts';

const rest = await restInMemory();
afterAll(() => rest.close());

const { ask, patient } = asking(rest);

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
