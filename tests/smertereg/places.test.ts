import type { Encounter, Location, OperationOutcome, Organization } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Course, refer } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { basic, signedIn } from '../kit/sign-in.ts';

const RESH = 'urn:oid:2.16.578.1.12.4.1.4.102';
const HAUKELAND = { reference: 'Organization/haukeland' };

let server: TestServer;
let ehr: Rest;
let lu: Rest;
let lc: Rest;
let course: Course;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00', background: false, identity: true });
  ehr = rest(server.base, basic('demo-ehr'));
  lu = rest(server.base, await signedIn(server, 'lu'));
  lc = rest(server.base, await signedIn(server, 'lc'));
  course = await refer(ehr);
});

afterAll(() => server.close());

let last = 99_100_000;
const resh = () => {
  last += 1;
  return [{ system: RESH, value: String(last) }];
};

async function department(name = 'Testavdeling'): Promise<Organization> {
  const body = {
    resourceType: 'Organization',
    identifier: resh(),
    active: true,
    name,
    alias: ['T'],
    partOf: HAUKELAND,
  };
  const made = await lc.post<Organization>('Organization', body);
  expect(made.status).toBe(201);
  return made.body;
}

async function location(): Promise<Location> {
  const made = await lc.post<Location>('Location', {
    resourceType: 'Location',
    identifier: resh(),
    status: 'active',
    name: 'Testlokasjon',
    managingOrganization: HAUKELAND,
  });
  expect(made.status).toBe(201);
  return made.body;
}

function stay(ward: Organization | undefined, at: Location | undefined): Encounter {
  return {
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
    subject: { reference: `Patient/${course.patient}` },
    episodeOfCare: [{ reference: `EpisodeOfCare/${course.episode}` }],
    ...(ward && { serviceProvider: { reference: `Organization/${ward.id}` } }),
    ...(at && { location: [{ location: { reference: `Location/${at.id}` }, status: 'active' }] }),
  };
}

test('"Departments and locations with RESH-ID": the coordinator keeps them, a user does not, and the number is checked', async () => {
  const ward = await department();
  const place = await location();
  expect((await lu.get(`Organization/${ward.id}`)).status).toBe(200);
  const found = await lu.search<Organization>(`Organization?identifier=${RESH}|${ward.identifier?.[0]?.value}`);
  expect(found.map(({ id }) => id)).toEqual([ward.id]);
  expect((await lu.put(`Organization/${ward.id}`, { ...ward, name: 'Annet navn' })).status).toBe(403);
  expect((await lu.put(`Location/${place.id}`, { ...place, name: 'Annet navn' })).status).toBe(403);
  const wrong = await lc.put<OperationOutcome>(`Organization/${ward.id}`, {
    ...ward,
    identifier: [{ system: RESH, value: 'ikke et tall' }],
  });
  expect([wrong.status, JSON.stringify(wrong.body)]).toEqual([422, expect.stringContaining('RESH-ID')]);
});

test('"delete only if unused, else deactivate": a place that nobody refers to is deleted', async () => {
  const [ward, place] = [await department(), await location()];
  expect((await lc.send('DELETE', `Organization/${ward.id}`)).status).toBe(204);
  expect((await lc.send('DELETE', `Location/${place.id}`)).status).toBe(204);
  expect((await lc.get(`Organization/${ward.id}`)).status).toBe(410);
});

test('"delete only if unused, else deactivate": one that was used stays, can be deactivated, and stays in what was registered', async () => {
  const [ward, place] = [await department(), await location()];
  const { body: stored } = await lu.post<Encounter>('Encounter', stay(ward, place));
  expect((await lc.send('DELETE', `Organization/${ward.id}`)).status).toBe(409);
  expect((await lc.send('DELETE', `Location/${place.id}`)).status).toBe(409);
  expect((await lc.put(`Organization/${ward.id}`, { ...ward, active: false })).status).toBe(200);
  expect((await lc.put(`Location/${place.id}`, { ...place, status: 'inactive' })).status).toBe(200);
  // who lies there stays there, whatever else is changed
  const changed = { ...stored, reasonCode: [{ text: 'smerte' }] };
  expect((await lu.put(`Encounter/${stored.id}`, changed)).status).toBe(200);
  const offered = await lu.search<Organization>('Organization?partof=Organization/haukeland&active=true&_count=200');
  expect(offered.some(({ id }) => id === ward.id)).toBe(false);
  expect(offered.length).toBeGreaterThan(0);
});

test('nobody is moved to a ward or a location that was deactivated, until it is activated again', async () => {
  const [ward, old, place] = [await department('Ny'), await department('Gammel'), await location()];
  const { body: stored } = await lu.post<Encounter>('Encounter', stay(ward, undefined));
  await lc.put(`Organization/${old.id}`, { ...old, active: false });
  await lc.put(`Location/${place.id}`, { ...place, status: 'inactive' });
  const toOld = await lu.put<OperationOutcome>(`Encounter/${stored.id}`, { ...stay(old, undefined), id: stored.id });
  expect([toOld.status, toOld.body.issue?.[0]?.expression]).toEqual([422, ['Encounter.serviceProvider']]);
  const toPlace = await lu.put<OperationOutcome>(`Encounter/${stored.id}`, { ...stay(ward, place), id: stored.id });
  expect([toPlace.status, toPlace.body.issue?.[0]?.expression]).toEqual([422, ['Encounter.location[0].location']]);
  await lc.put(`Organization/${old.id}`, { ...old, active: true });
  expect((await lu.put(`Encounter/${stored.id}`, { ...stay(old, undefined), id: stored.id })).status).toBe(200);
});

test('each hospital of the demo has a location and wards, whose RESH-IDs are marked as made up', async () => {
  for (const hospital of ['haukeland', 'st-olavs', 'unn']) {
    const wards = await lu.search<Organization>(`Organization?partof=Organization/${hospital}&_tag=HTEST`);
    const places = await lu.search<Location>(`Location?organization=Organization/${hospital}&_tag=HTEST`);
    expect([wards.length, places.length], hospital).toEqual([4, 1]);
    for (const { identifier, alias } of [...wards, ...places]) {
      expect([identifier?.[0]?.system, alias?.length]).toEqual([RESH, 1]);
    }
  }
});
