import type { Bundle, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import { CHANGES } from './changes.ts';
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
      const { status, body } = await attempt(as(column, ready.patient ?? stranger), ready, column);
      if (status < 300) ready = undefined;
      expect(status < 300 ? 'yes' : String(status), JSON.stringify(body)).toBe(expected);
    });
  });
});
