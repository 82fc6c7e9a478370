import { afterAll, describe, expect, it } from 'vitest';
import { asking, expectOutcome } from '../../tests/kit/asking.ts';
import { restInMemory } from '../../tests/kit/rest-in-memory.ts';

const rest = await restInMemory();
afterAll(() => rest.close());

const { ask, patient } = asking(rest);
const FHIR = 'application/fhir+json';
const outcomeTag = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };

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
