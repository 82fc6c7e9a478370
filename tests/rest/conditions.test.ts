import type { Bundle, BundleEntry, OperationOutcome, Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

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
  mark = `condition-${marks}`;
});

afterAll(() => server.close());

const person = (more: Partial<Patient> = {}): Patient => ({
  resourceType: 'Patient',
  identifier: [{ system: 'urn:mark', value: mark }],
  ...more,
});
const where = () => `identifier=urn:mark|${mark}`;
const found = () => client.search<Patient>(`Patient?${where()}`);

const transaction = (...entry: BundleEntry[]) =>
  client.post<Bundle>('', { resourceType: 'Bundle', type: 'transaction', entry });
const put = (resource: Patient, url: string, more: object = {}): BundleEntry => ({
  resource,
  request: { method: 'PUT', url, ...more },
});
const statuses = ({ entry }: Bundle) => entry?.map(({ response }) => response?.status);

function refused(answer: { status: number; body: unknown }, status: number, code: string): void {
  const { issue } = answer.body as OperationOutcome;
  expect([answer.status, issue?.[0]?.code]).toEqual([status, code]);
  expect(issue?.[0]?.diagnostics).not.toContain('Others change');
}

describe('in a transaction', () => {
  test('If-None-Match: * creates, and does not overwrite', async () => {
    const send = () => transaction(put(person({ id: mark, active: true }), `Patient/${mark}`, { ifNoneMatch: '*' }));
    expect(statuses((await send()).body)).toEqual(['201']);
    refused(await send(), 412, 'conflict');
    const whole = put(person({ id: mark }), `Patient/${mark}`, { ifNoneMatch: 'W/"1"' });
    refused(await transaction(whole), 400, 'not-supported');
  });

  test('a conditional update with another id than what it finds is refused', async () => {
    await client.put(`Patient/${mark}`, person({ id: mark }));
    refused(await transaction(put(person({ id: 'another' }), `Patient?${where()}`)), 400, 'value');
    expect((await found())[0]?.meta?.versionId).toBe('1');
  });

  test('a condition does not find what the same transaction deletes', async () => {
    const { body } = await client.post<Patient>('Patient', person());
    const answer = await transaction(
      {
        resource: person({ active: true }),
        request: { method: 'POST', url: 'Patient', ifNoneExist: where() },
      },
      { request: { method: 'DELETE', url: `Patient/${body.id}` } },
    );
    expect(statuses(answer.body)).toEqual(['201', '204']);
    expect((await found()).map(({ active }) => active)).toEqual([true]);
  });

  test('HEAD answers without the resource', async () => {
    await client.put(`Patient/${mark}`, person({ id: mark }));
    const { body } = await transaction({ request: { method: 'HEAD', url: `Patient/${mark}` } });
    expect(statuses(body)).toEqual(['200']);
    expect(body.entry?.[0]?.resource).toBeUndefined();
  });
});

describe('a search in a transaction', () => {
  test('gives a count where that is all it is asked for', async () => {
    await client.post('Patient', person());
    await client.post('Patient', person());
    const { body } = await transaction({ request: { method: 'GET', url: `Patient?${where()}&_summary=count` } });
    const counted = body.entry?.[0]?.resource as Bundle;
    expect([counted.total, counted.entry, counted.link?.[0]?.url]).toEqual([
      2,
      undefined,
      `${server.base}/Patient?${where().replace('|', '%7C')}&_summary=count`,
    ]);
  });

  test('passes over unknown parameters where the request says so', async () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ request: { method: 'GET', url: `Patient?${where()}&nonsense=1` } }],
    };
    expect((await client.post('', bundle)).status).toBe(400);
    const { status, body } = await client.post<Bundle>('', bundle, { prefer: 'handling=lenient' });
    const found = body.entry?.[0]?.resource as Bundle;
    expect([status, found.entry?.map(({ search }) => search?.mode)]).toEqual([200, ['outcome']]);
  });
});

describe.each([
  ['alone', (patient: Patient) => client.put<Patient>(`Patient?${where()}`, patient)],
  ['in a transaction', (patient: Patient) => transaction(put(patient, `Patient?${where()}`))],
])('a conditional update %s that finds nothing', (_where, update) => {
  test('is refused where another resource has the id of the body', async () => {
    await client.put(`Patient/${mark}`, { resourceType: 'Patient', id: mark });
    refused(await update(person({ id: mark })), 409, 'conflict');
    const { body } = await client.post<Patient>('Patient', { resourceType: 'Patient' });
    refused(await update(person({ id: body.id })), 409, 'conflict');
    expect(await found()).toEqual([]);
  });

  test('brings back what was deleted under the id of the body', async () => {
    for (const id of [mark, (await client.post<Patient>('Patient', { resourceType: 'Patient' })).body.id ?? '']) {
      await client.put(`Patient/${id}`, { resourceType: 'Patient', id });
      await client.send('DELETE', `Patient/${id}`);
      const { status, body } = await update(person({ id }));
      expect(body.resourceType === 'Bundle' ? statuses(body) : [String(status)]).toEqual(['201']);
      expect((await found()).map((patient) => patient.id)).toEqual([id]);
      await client.send('DELETE', `Patient/${id}`);
    }
  });
});

describe('If-None-Exist', () => {
  test('takes criteria with a question mark in a value, after a question mark or not', async () => {
    const identifier = [{ system: 'http://example.org/?a', value: mark }];
    for (const header of ['', '?', 'Patient?']) {
      const headers = { 'if-none-exist': `${header}identifier=http://example.org/?a|${mark}` };
      const { status } = await client.post('Patient', person({ identifier }), headers);
      expect(status, header).toBe(header === '' ? 201 : 200);
    }
  });

  test('of sixteen at the same time, told in different words, one is made', async () => {
    const words = ['', '&_format=json', '&_count=5', '&_sort=_id'];
    for (let round = 0; round < 5; round += 1) {
      mark = `words-${round}`;
      await Promise.all(
        Array.from({ length: 16 }, (_, n) =>
          client.post<Patient>('Patient', person(), { 'if-none-exist': `${where()}${words[n % 4]}` }),
        ),
      );
      expect(await found()).toHaveLength(1);
    }
  });
});
