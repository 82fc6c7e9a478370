import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await testServer({ packages: false, background: false });
});

afterAll(() => server.close());

/** All that a parser and a writer would change: digits, exponents, escapes, the order of elements, primitive extensions. */
const INSIDE =
  '"status":"final","_status":{"extension":[{"url":"urn:x","valueDecimal":0.010}]},"code":{"text":"\\u00e6\\/\\n\\ud83d\\ude00 Ö"},"component":[{"valueQuantity":{"value":1.00},"code":{"text":"a"}},{"code":{"text":"b"},"valueQuantity":{"value":1e3}},{"code":{"text":"c"},"valueQuantity":{"value":-1.50E-2}},{"code":{"text":"d"},"valueQuantity":{"value":12345678901234567890.10}}],"valueSampledData":{"origin":{"value":0},"period":10.0,"dimensions":1,"data":"1 2 3"},"note":[{"text":"x"},{"text":"y","_text":{"id":"n"}}]';

const SPACED = INSIDE.replaceAll(':[', ' : [ ').replaceAll('},{', '} ,\n\t{');

async function ask(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(path.startsWith('http') ? path : `${server.base}/${path}`, {
    method,
    headers: { 'content-type': 'application/fhir+json', ...headers },
    body,
  });
  const text = await answer.text();
  expect(answer.status, text).toBeLessThan(300);
  return text;
}

describe('what was sent comes back to the sign', () => {
  test('from create, read, vread, search, history, batch and transaction', async () => {
    const sent = `{ "resourceType" : "Observation", ${SPACED} }`;
    const created = await ask('POST', 'Observation', sent);
    const [, id] = /"id":"([^"]+)"/.exec(created) ?? [];
    const [whole] =
      /^\{"resourceType":"Observation","id":"[^"]+","meta":\{[^}]*\},(.*)\}$/s.exec(created)?.slice(1) ?? [];
    expect(whole).toBe(INSIDE);
    expect(await ask('GET', `Observation/${id}`)).toBe(created);
    expect(await ask('GET', `Observation/${id}/_history/1`)).toBe(created);
    expect(await ask('GET', `Observation?_id=${id}`)).toContain(`"resource":${created}`);
    expect(await ask('GET', `Observation/${id}/_history`)).toContain(`"resource":${created}`);
    const reads =
      '{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Observation/ID"}}]}';
    for (const type of ['batch', 'transaction']) {
      const bundle = reads.replace('ID', id ?? '').replace('batch', type);
      expect(await ask('POST', '', bundle)).toContain(`"resource":${created}`);
    }
  });

  test('after a create in a transaction, with references resolved in the text', async () => {
    const uuid = 'urn:uuid:11111111-2222-4333-8444-555555555555';
    const bundle = `{"resourceType":"Bundle","type":"transaction","entry":[
      {"resource":{"subject":{"reference":"${uuid}","display":"\\u00e6"},"resourceType":"Observation",${SPACED}},"request":{"method":"POST","url":"Observation"}},
      {"fullUrl":"${uuid}","resource":{"resourceType":"Patient","name":[{"text":"${uuid}"}]},"request":{"method":"POST","url":"Patient"}}]}`;
    const answer = await ask('POST', '', bundle, { prefer: 'return=representation' });
    const patient = /"location":"(?:[^"]*\/)?(Patient\/[^/"]+)/.exec(answer)?.[1];
    const bare = answer.replace(/"resourceType":"Observation","id":"[^"]+","meta":\{[^}]*\},/, '');
    expect(bare).toContain(`{"subject":{"reference":"${patient}","display":"\\u00e6"},${INSIDE}}`);
    // only what is a reference is resolved
    expect(answer).toContain(`"name":[{"text":"${uuid}"}]`);
  });

  test('after an update, whose text replaces the old one', async () => {
    await ask('PUT', 'Observation/text', `{"resourceType":"Observation","id":"text",${INSIDE}}`);
    const turned = '"code":{"text":"t"},"status":"amended","valueQuantity":{"value":0.0}';
    await ask('PUT', 'Observation/text', `{${turned},"id":"text","resourceType":"Observation"}`);
    expect(await ask('GET', 'Observation/text')).toContain(turned);
    expect(await ask('GET', 'Observation/text/_history/1')).toContain(INSIDE);
  });

  test('meta stays where it stood, with what the client wrote in it, the version and the time replaced', async () => {
    const tag = '"tag":[{"system":"urn:t","code":"\\u0061","display":"A"}]';
    const text = await ask(
      'PUT',
      'Patient/meta',
      `{"resourceType":"Patient","meta":{${tag},"versionId":"9"},"id":"meta"}`,
    );
    expect(text).toMatch(
      /^\{"resourceType":"Patient","meta":\{"lastUpdated":"[^"]+","tag".*"versionId":"1"\},"id":"meta"\}$/,
    );
    expect(text).toContain(tag);
  });

  test('_pretty changes blanks only', async () => {
    await ask('PUT', 'Observation/pretty', `{"resourceType":"Observation","id":"pretty",${INSIDE}}`);
    const [plain, pretty] = [
      await ask('GET', 'Observation/pretty'),
      await ask('GET', 'Observation/pretty?_pretty=true'),
    ];
    expect(pretty).toContain('\n  "status": "final"');
    const blanks = (text: string) => text.replace(/\n\s*/g, '').replaceAll('": ', '":');
    expect(blanks(pretty)).toBe(blanks(plain));
    for (const path of ['Observation?_id=pretty', 'Observation/pretty/_history', 'metadata']) {
      expect(await ask('GET', `${path}${path.includes('?') ? '&' : '?'}_pretty=true`)).toContain('\n  "');
    }
  });

  test('_elements, _fields and _summary leave the digits of what they keep', async () => {
    await ask('PUT', 'Observation/views', `{"resourceType":"Observation","id":"views",${INSIDE}}`);
    for (const view of ['_elements=component', '_fields=component', '_summary=true', '_summary=data']) {
      const text = await ask('GET', `Observation/views?${view}`);
      expect(text).toContain('{"code":{"text":"b"},"valueQuantity":{"value":1e3}}');
      expect(text).toContain('SUBSETTED');
      expect(text.includes('"note"')).toBe(view === '_summary=data');
    }
    expect(await ask('GET', 'Observation?_id=views&_elements=note')).not.toContain('"component"');
    expect(await ask('GET', 'Observation/views')).not.toContain('SUBSETTED');
  });

  test('_format names JSON in each of its ways', async () => {
    for (const format of [
      'json',
      'application/json',
      'application/fhir+json',
      'application/fhir%2Bjson',
      'text/json',
    ]) {
      const answer = await fetch(`${server.base}/metadata?_format=${format}`, { headers: { accept: 'text/html' } });
      expect([answer.status, answer.headers.get('content-type')?.includes('json')], format).toEqual([200, true]);
    }
  });
});
