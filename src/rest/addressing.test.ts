import { afterAll, describe, expect, it } from 'vitest';
import { asking, expectOutcome } from '../../tests/kit/asking.ts';
import { restInMemory } from '../../tests/kit/rest-in-memory.ts';

const rest = await restInMemory();
afterAll(() => rest.close());

const { ask, patient } = asking(rest);

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

  it('answers 400 for more parameters than any search needs, in the url and in a form', async () => {
    const query = 'a=1&'.repeat(1001);
    expectOutcome(await ask('GET', `/Patient?${query}`), 400, 'too-costly');
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expectOutcome(await ask('POST', '/Patient/_search', { body: query.repeat(100), headers }), 400, 'too-costly');
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

describe('content types', () => {
  it.each([
    'application/fhir+json',
    'application/json',
    'application/fhir+json; charset=UTF-8',
    'application/fhir+json; fhirVersion=4.0',
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
    'application/fhir+json; fhirVersion=3.0',
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
    for (const [version, status] of [
      ['4.0', 200],
      ['"4.0"', 200],
      ['5.0', 406],
    ] as const) {
      const accept = `application/fhir+json; fhirVersion=${version}`;
      expect((await ask('GET', `/Patient/${id}`, { headers: { accept } })).status, version).toBe(status);
    }
    const headers = { accept: 'application/fhir+xml' };
    expect((await ask('GET', `/Patient/${id}?_format=json`, { headers })).status).toBe(200);
    expect((await ask('GET', `/Patient/${id}?_format=application/fhir+json`, { headers })).status).toBe(200);
  });
});
