import type { Bundle, Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

let server: TestServer;
let client: Rest;

beforeAll(async () => {
  server = await testServer({ packages: false, background: false, testClock: '2026-03-02T08:00:00Z' });
  client = rest(server.base);
  await client.put('Patient/a', { resourceType: 'Patient', id: 'a' });
  const { body } = await client.post<Patient>('Patient', { resourceType: 'Patient' });
  await later('2026-03-02T09:00:00Z');
  await client.put('Patient/a', { resourceType: 'Patient', id: 'a', active: true });
  await client.put('Practitioner/p', { resourceType: 'Practitioner', id: 'p' });
  await later('2026-03-02T10:00:00Z');
  await client.send('DELETE', 'Patient/a');
  await client.put(`Patient/${body.id}`, { ...body, active: false });
  await later('2026-03-02T11:00:00Z');
  await client.put('Patient/a', { resourceType: 'Patient', id: 'a', gender: 'other' });
});

afterAll(() => server.close());

async function later(now: string): Promise<void> {
  const answer = await client.send('POST', `${server.url}/test-clock`, { now }, { 'content-type': 'application/json' });
  expect(answer.status).toBe(200);
}

async function all(path: string): Promise<NonNullable<Bundle['entry']>> {
  const entries = [];
  for (let url: string | undefined = path; url !== undefined; ) {
    const { status, body }: { status: number; body: Bundle } = await client.get<Bundle>(url);
    expect([status, body.type]).toEqual([200, 'history']);
    entries.push(...(body.entry ?? []));
    url = body.link?.find(({ relation }) => relation === 'next')?.url;
  }
  return entries;
}

const told = (entries: NonNullable<Bundle['entry']>) =>
  entries.map(({ request, response, resource }) =>
    [request?.method, request?.url, response?.status, response?.etag, resource?.meta?.versionId ?? '-'].join(' '),
  );

describe('history', () => {
  test('passes over what _offset says, and goes on from there', async () => {
    const whole = (await all('_history')).map(({ fullUrl, response }) => [fullUrl, response?.etag]);
    const behind = (await all('_history?_offset=2&_count=3')).map(({ fullUrl, response }) => [fullUrl, response?.etag]);
    expect(behind).toEqual(whole.slice(2));
    const at = (await all('_history?_at=2026-03-02&_offset=2')).map(({ fullUrl, response }) => [
      fullUrl,
      response?.etag,
    ]);
    expect(at).toEqual(whole.slice(2));
    expect((await client.get('_history?_offset=10001')).status).toBe(400);
  });

  test('refuses parameters that it does not know, or leaves them out of its links', async () => {
    expect((await client.get('Patient/a/_history?_sort=_lastUpdated')).status).toBe(400);
    const { status, body } = await client.send<Bundle>('GET', 'Patient/a/_history?_sort=x&_count=1', undefined, {
      prefer: 'handling=lenient',
    });
    expect([status, body.link?.[0]?.url]).toEqual([200, `${server.base}/Patient/a/_history?_count=1`]);
  });

  test('of a resource holds every version, newest first, and tells how each came to be', async () => {
    expect(told(await all('Patient/a/_history'))).toEqual([
      'PUT Patient/a 200 W/"4" 4',
      'DELETE Patient/a 204 W/"3" -',
      'PUT Patient/a 200 W/"2" 2',
      'PUT Patient/a 201 W/"1" 1',
    ]);
    const { body } = await client.get<Bundle>('Patient/a/_history');
    expect(body.total).toBe(4);
    expect(body.entry?.[0]?.fullUrl).toBe(`${server.base}/Patient/a`);
    expect(body.entry?.[0]?.response?.lastModified).toBe('2026-03-02T11:00:00.000Z');
    expect((await client.get('Patient/never-was/_history')).status).toBe(404);
  });

  test('of a type and of the system hold what belongs to them', async () => {
    const patients = await all('Patient/_history');
    expect(patients).toHaveLength(6);
    expect(told(patients).at(-1)).toMatch(/^(PUT Patient\/a|POST Patient) 201 W\/"1" 1$/);
    expect(told(patients).filter((line) => line.startsWith('POST Patient 201'))).toHaveLength(1);
    const system = await all('_history');
    expect(system).toHaveLength(7);
    const times = system.map(({ response }) => response?.lastModified ?? '');
    expect(times).toEqual(times.toSorted().reverse());
  });

  test.each(['Patient/a/_history', 'Patient/_history', '_history'])('%s goes by pages without a gap', async (path) => {
    const whole = told(await all(`${path}?_count=1000`));
    for (const count of [1, 2, 3]) {
      expect(told(await all(`${path}?_count=${count}`))).toEqual(whole);
    }
  });

  test('_since and _at choose versions by time', async () => {
    expect(told(await all('Patient/a/_history?_since=2026-03-02T10:00:00Z'))).toHaveLength(2);
    expect(told(await all('Patient/a/_history?_since=2026-03-02T12:00:00Z'))).toEqual([]);
    expect(told(await all('Patient/a/_history?_at=2026-03-02T09:30:00Z'))).toEqual(['PUT Patient/a 200 W/"2" 2']);
    expect(told(await all('_history?_at=2026-03-02T08:30:00Z'))).toHaveLength(2);
    expect((await client.get('_history?_since=x')).status).toBe(400);
    for (const wrong of ['2026 foo', '2026-3-2', '2026-03-02T08:00', '2026-02-30']) {
      expect((await client.get(`_history?_since=${wrong}`)).status, wrong).toBe(wrong.includes('T') ? 200 : 400);
    }
    // `+` in a query means a space to who decodes it
    for (const zone of ['+01:00', '%2B01:00']) {
      expect(told(await all(`Patient/a/_history?_since=2026-03-02T11:00:00${zone}`)), zone).toHaveLength(2);
    }
    expect((await client.get('_history?_count=-1')).status).toBe(400);
  });

  test('of _count=0 holds no version, and the total where there is one', async () => {
    const { body } = await client.get<Bundle>('Patient/a/_history?_count=0');
    expect([body.total, body.entry, body.link?.length]).toEqual([4, undefined, 1]);
  });

  test('_at of a period chooses what was current at some point of it', async () => {
    expect(told(await all('Patient/a/_history?_at=2026-03-02'))).toHaveLength(4);
    expect(told(await all('Patient/a/_history?_at=2026-03-02T09'.concat(':30')))).toEqual([
      'PUT Patient/a 200 W/"2" 2',
    ]);
    expect(told(await all('Patient/a/_history?_at=2026-03-03'))).toEqual(['PUT Patient/a 200 W/"4" 4']);
    expect(told(await all('Patient/a/_history?_at=2026-03-01'))).toEqual([]);
    expect(told(await all('Patient/a/_history?_at=2026-03&_count=1'))).toHaveLength(4);
  });

  test('takes the views that reads take', async () => {
    const { body } = await client.get<Bundle>('Patient/a/_history?_elements=active&_count=3');
    expect(body.entry?.[2]?.resource).toMatchObject({ active: true, meta: { tag: [{ code: 'SUBSETTED' }] } });
    expect((body.entry?.[0]?.resource as Patient | undefined)?.gender).toBeUndefined();
  });
});
