import type { Binary, Bundle, Observation, Patient, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Course, hadsItems, response } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { nationalCourse, syntheticNumber } from './kit.ts';

const HOSTILE = `<script>alert(1)</script><img src=x onerror="alert('2')">`;

let server: TestServer;
let client: Rest;
let course: Course;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00', background: false });
  client = rest(server.base);
  course = await nationalCourse(client);
  const hads = response(course, 'hads', 'completed', hadsItems('2'), '2026-03-02T09:00:00+01:00');
  expect((await client.post('QuestionnaireResponse', hads)).status).toBe(201);
  await server.fhir.runner.drain();
  const subject = { reference: `Patient/${course.patient}` };
  const code = { text: HOSTILE };
  await client.post('Observation', { resourceType: 'Observation', status: 'final', code, subject });
  const { body: patient } = await client.get<Patient>(`Patient/${course.patient}`);
  await client.put(`Patient/${course.patient}`, { ...patient, gender: 'female' });
  // somebody else's
  const other = await nationalCourse(client, { fnr: syntheticNumber(1) });
  expect(other.patient).not.toBe(course.patient);
});

afterAll(() => server.close());

async function bundle(query = ''): Promise<Resource[]> {
  const { status, body } = await client.get<Bundle>(`Patient/${course.patient}/$my-data${query}`);
  expect([status, body.type]).toEqual([200, 'collection']);
  return (body.entry ?? []).flatMap(({ resource }) => resource ?? []);
}

async function page(language: string): Promise<string> {
  const query = `as=document&language=${language}`;
  const { status, body } = await client.get<Binary>(`Patient/${course.patient}/$my-data?${query}`);
  expect([status, body.contentType]).toEqual([200, 'text/html; charset=utf-8']);
  return Buffer.from(body.data ?? '', 'base64').toString('utf8');
}

describe('everything about me, as a Bundle', () => {
  test('is all of the record and nothing of another, orders and messages too', async () => {
    const all = await bundle();
    const { rows } = await server.database.pool.query<{ n: string }>(
      'select count(*) as n from resource where patient = $1 and not deleted',
      [BigInt(`0x${course.patient}`).toString()],
    );
    expect(all).toHaveLength(Number(rows[0]?.n));
    const types = new Set(all.map(({ resourceType }) => resourceType));
    for (const type of ['Patient', 'EpisodeOfCare', 'Consent', 'QuestionnaireResponse', 'Observation', 'Task']) {
      expect(types, type).toContain(type);
    }
    expect(all.filter(({ resourceType }) => resourceType === 'Patient')).toHaveLength(1);
  });

  test('has superseded versions where they are asked for', async () => {
    const patients = (await bundle('?history=true')).filter((each): each is Patient => each.resourceType === 'Patient');
    expect(patients.map(({ meta, gender }) => [meta?.versionId, gender])).toEqual([
      ['1', undefined],
      ['2', 'female'],
    ]);
  });
});

describe('everything about me, to read', () => {
  test('tells questions and answers in words, scores and numbers, in three languages', async () => {
    const nb = await page('nb');
    expect(nb).toContain('<html lang="nb">');
    expect(nb).toContain('Alt vi har registrert om deg');
    expect(nb).toContain('13916900281');
    expect(nb).toContain('Har pasienten fått tilsyn');
    const [score] = await client.search<Observation>(`Observation?patient=${course.patient}&code:text=HADS`);
    expect(nb).toContain(`<td>${score?.valueInteger ?? score?.valueQuantity?.value ?? 14}`);
    expect(await page('sv')).toContain('Allt vi har registrerat om dig');
    expect(await page('en')).toContain('Everything that is registered about you');
  });

  test('shows codes by their names', async () => {
    expect(await page('nb')).toContain('Bestilt');
    expect(await page('sv')).toContain('Beställd');
    expect(await page('en')).toContain('Ordered');
  });

  test('names hospitals and registries, says you of the patient, and tells times as clocks here show them', async () => {
    const nb = await page('nb');
    expect(nb).toContain('<td>Haukeland universitetssjukehus</td>');
    expect(nb).toContain('<td>SmerteReg, nasjonalt</td>');
    expect(nb).toContain('<td>deg</td>');
    expect(nb).not.toContain(`Patient/${course.patient}`);
    expect(nb).toContain('2026-03-02 09:00; ferdig');
    expect(nb).not.toMatch(/T\d{2}:\d{2}/);
  });

  test('runs nothing and fetches nothing, whatever stands in the record', async () => {
    const nb = await page('nb');
    expect(nb).not.toContain('<script');
    expect(nb).not.toContain('<img');
    expect(nb).toContain('&#60;script&#62;alert(1)');
    expect(nb).toContain(`default-src 'none'`);
  });
});

test('what is not understood is refused', async () => {
  for (const query of ['as=pdf', 'as=document&language=de', 'unknown=1', 'history=perhaps']) {
    expect((await client.get(`Patient/${course.patient}/$my-data?${query}`)).status, query).toBe(400);
  }
  expect((await client.get('Patient/0000000000000001/$my-data')).status).toBe(404);
});
