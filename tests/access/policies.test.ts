import type { Bundle, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import { CHANGES, type Ready } from './changes.ts';
import {
  CHANGE_TABLE,
  COLUMNS,
  COURSE_TABLE,
  COURSE_TYPES,
  type Column,
  PATIENT_TABLE,
  rows,
  SHARED_TABLE,
} from './policy-table.ts';
import { type Standing, World } from './policy-world.ts';
import { identityOf, type RoleServer, roleServer } from './roles.ts';

let world: World;
let roles: RoleServer;
let stranger = '';
/** By the name of its row: ids by type. */
const courses = new Map<string, Readonly<Record<string, string>>>();

beforeAll(async () => {
  world = new World(await testServer({ background: false }));
  await world.prepare();
  for (const { name } of rows(COURSE_TABLE)) {
    const [place, ...standing] = name.split(', ');
    const hospital = place === 'Haukeland' ? 'haukeland' : 'st-olavs';
    const withdrawn = standing[0] === 'withdrawn';
    const ids = await world.wholeCourse(hospital, withdrawn ? 'national' : (standing[0] as Standing));
    if (withdrawn) await world.withdraw(ids.Patient ?? '');
    if (standing[1] === 'restricted') await world.restrict(ids.Patient ?? '');
    courses.set(name, ids);
  }
  stranger = (await world.course('haukeland', 'national')).patient;
  roles = await roleServer(world.server);
}, 60_000);

afterAll(async () => {
  await roles?.close();
  await world?.server.close();
});

const as = (column: Column, patient: string): Rest => roles.as(identityOf(column, patient, stranger));

type Interaction = 'read' | 'vread' | 'history' | 'search';
const READING: readonly Interaction[] = ['read', 'vread', 'history', 'search'];

/** What somebody gets of a resource, as the tables say it. */
async function reading(client: Rest, interaction: Interaction, type: string, id: string): Promise<string> {
  const path = {
    read: `${type}/${id}`,
    vread: `${type}/${id}/_history/1`,
    history: `${type}/${id}/_history`,
    search: `${type}?_id=${id}`,
  }[interaction];
  const { status, body } = await client.get<Bundle | Resource>(path);
  if (status !== 200) return String(status);
  return body.resourceType === 'Bundle' && (body.entry ?? []).length === 0 ? '404' : 'yes';
}

/** Every cell of a table that can be asked. */
function cells(table: string): readonly (readonly [name: string, column: Column, expected: string])[] {
  return rows(table).flatMap(({ name, cells: row }) =>
    COLUMNS.map((column) => [name, column, row[column] ?? '-'] as const).filter(([, , expected]) => expected !== '-'),
  );
}

describe.each(COURSE_TYPES)('%s of a course', (type) => {
  describe.each(cells(COURSE_TABLE))('%s', (name, column, expected) => {
    test.each(READING)(`${column}, %s: ${expected}`, async (interaction) => {
      const ids = courses.get(name) ?? {};
      const id = ids[type];
      if (id === undefined) {
        expect(['Consent', 'ResearchSubject']).toContain(type);
        expect(name).toContain('in no registry');
      } else {
        expect(await reading(as(column, ids.Patient ?? ''), interaction, type, id)).toBe(expected);
      }
    });
  });
});

describe.each(cells(PATIENT_TABLE))('the patient of a course at %s', (name, column, expected) => {
  test.each(READING)(`${column}, %s: ${expected}`, async (interaction) => {
    const id = courses.get(name)?.Patient ?? '';
    expect(await reading(as(column, id), interaction, 'Patient', id)).toBe(expected);
  });
});

describe.each(cells(SHARED_TABLE))('%s', (name, column, expected) => {
  test.each(READING)(`${column}, %s: ${expected}`, async (interaction) => {
    const [type = '', id = ''] = name.split('/');
    expect(await reading(as(column, courses.values().next().value?.Patient ?? ''), interaction, type, id)).toBe(
      expected,
    );
  });
});

/** Whether what a change is asked of is still as it was made: there, in its first version. */
async function isThere({ course, resource }: Ready): Promise<boolean> {
  const ids = [
    ...(course === undefined ? [] : [`EpisodeOfCare/${course.episode}`]),
    ...(resource === undefined ? [] : [`${resource.resourceType}/${resource.id}`]),
  ];
  const found = await Promise.all(ids.map((id) => world.all.get(id)));
  return found.every(
    ({ status, body }) =>
      status === 200 && (body.id !== resource?.id || body.meta?.versionId === resource?.meta?.versionId),
  );
}

/** The same with ids that never were, and how to name the true ones in an answer about them. */
function ghostOf(ready: Ready): [Ready, (text: string) => string] {
  const { patient, course: { episode, referral } = {}, resource } = ready;
  const ids = [patient, episode, referral, resource?.id].filter((id) => id !== undefined);
  const ghosts = new Map(ids.map((id) => [id, `${id.slice(0, -4)}f0f0`]));
  const renamed = (text: string, pairs: Iterable<readonly [string, string]>): string =>
    [...pairs].reduce((done, [from, to]) => done.replaceAll(from, to), text);
  return [
    JSON.parse(renamed(JSON.stringify(ready), ghosts)) as Ready,
    (text) =>
      renamed(
        text,
        [...ghosts].map(([id, ghost]) => [ghost, id] as const),
      ),
  ];
}

describe('who may change what', () => {
  test('each row of the table is a change that can be made', () => {
    expect(rows(CHANGE_TABLE).map(({ name }) => name)).toEqual(Object.keys(CHANGES));
  });

  describe.each(rows(CHANGE_TABLE))('$name', ({ name, cells: row }) => {
    const { prepare, attempt } = CHANGES[name] ?? {};
    /** What was made for the change; made anew once a change has been allowed. */
    let ready: Awaited<ReturnType<NonNullable<typeof prepare>>> | undefined;

    test.each(COLUMNS.map((column) => [column, row[column]] as const))('%s: %s', async (column, expected) => {
      ready ??= await prepare?.(world);
      if (ready === undefined || attempt === undefined) throw new Error('there is no such change');
      const client = as(column, ready.patient ?? stranger);
      const { status, body } = await attempt(client, ready, column);
      if (expected === 'unseen') {
        const [ghost, named] = ghostOf(ready);
        const other = await attempt(client, ghost, column);
        expect(`${status} ${JSON.stringify(body)}`).toBe(named(`${other.status} ${JSON.stringify(other.body)}`));
        expect(await isThere(ready)).toBe(true);
      } else {
        if (status < 300) ready = undefined;
        expect(status < 300 ? 'yes' : String(status), JSON.stringify(body)).toBe(expected);
      }
    });
  });
});
