import type { Bundle, Patient, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Course } from '../kit/course.ts';
import { testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import { order, request, stored, World } from './policy-world.ts';
import { identityOf, type RoleServer, roleServer } from './roles.ts';

const STAFF = 'Ring moren først.';
const OWN = 'Jeg klarer ikke å lese skjermen.';

let world: World;
let roles: RoleServer;
let course: Course;
let task: Task & { readonly id: string };

beforeAll(async () => {
  world = new World(await testServer({ background: false }));
  await world.prepare();
  course = await world.course('haukeland', 'national');
  const authorReference = { reference: `Patient/${course.patient}` };
  const first = await world.post({ ...order(course), note: [{ authorReference, text: OWN }] });
  const staff = { authorReference: { reference: 'Practitioner/demo-lu' }, text: STAFF };
  roles = await roleServer(world.server);
  task = stored(
    await as('lu').put<typeof task>(`Task/${first.id}`, {
      ...first,
      note: [...(first.note ?? []), staff, { text: STAFF }],
    }),
  );
}, 60_000);

afterAll(async () => {
  await roles?.close();
  await world?.server.close();
});

const as = (column: 'lu' | 'self'): Rest => roles.as(identityOf(column, course.patient, ''));
const byLink = (): Rest => roles.as({ ...identityOf('self', course.patient, ''), strength: 'link', order: task.id });

const own = () => `Task/${task.id}`;
const ways = () => [
  own(),
  `${own()}/_history/2`,
  `Task?_id=${task.id}`,
  `Task?_id=${task.id}&_elements=status,note`,
  `Task?_id=${task.id}&_summary=data`,
];
const wide = () => [`${own()}/_history`, `Task/_history`, `Patient?_id=${course.patient}&_revinclude=Task:patient`];

async function text(client: Rest, path: string): Promise<string> {
  const { status, body } = await client.get<Task | Bundle>(path);
  expect([path, status]).toEqual([path, 200]);
  return JSON.stringify(body);
}

test('staff read all notes of an order', async () => {
  for (const path of [...ways(), `${own()}/_history`]) {
    const told = await text(as('lu'), path);
    expect([path, told.includes(STAFF), told.includes(OWN)]).toEqual([path, true, true]);
  }
});

test('its patient reads none of staff’s, whichever way, and is told that something is left out', async () => {
  for (const path of [...ways(), ...wide()]) {
    const told = await text(as('self'), path);
    expect([path, told.includes(STAFF), told.includes(OWN)]).toEqual([path, false, true]);
  }
  for (const path of ways()) {
    const told = await text(byLink(), path);
    expect([path, told.includes(STAFF), told.includes(OWN)]).toEqual([path, false, true]);
    expect(told.match(/SUBSETTED/g)).toHaveLength(1);
  }
  for (const type of ['batch', 'transaction'] as const) {
    const asked = {
      resourceType: 'Bundle' as const,
      type,
      entry: [{ request: { method: 'GET' as const, url: own() } }],
    };
    const { status, body } = await as('self').post<Bundle>('', asked);
    expect([status, JSON.stringify(body).includes(STAFF), JSON.stringify(body).includes(OWN)]).toEqual([
      200,
      false,
      true,
    ]);
  }
});

test('the whole record, to which they have a right, and the answer to a request of theirs hold them', async () => {
  const data = await text(as('self'), `Patient/${course.patient}/$my-data`);
  expect(data).toContain(STAFF);
  const asked = await world.post({ ...request(course), note: [{ text: 'Avslått, fordi …' }] });
  expect(await text(as('self'), `Task/${asked.id}`)).toContain('Avslått');
  expect((await as('self').get<Patient>(`Patient/${course.patient}`)).body.meta?.tag).toBeUndefined();
});
