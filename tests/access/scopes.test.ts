import type { Bundle, Observation, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Identity } from '../../src/identity/identity.ts';
import type { Course } from '../kit/course.ts';
import { testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import { type Column, rows } from './policy-table.ts';
import { hads, observation, World } from './policy-world.ts';
import { identityOf, type RoleServer, roleServer } from './roles.ts';
import { SCOPE_TABLE } from './scope-table.ts';

let world: World;
let roles: RoleServer;
let course: Course;
/** `Type/id` by column. */
const asked = new Map<string, string>();

beforeAll(async () => {
  world = new World(await testServer({ background: false }));
  await world.prepare();
  course = await world.course('haukeland', 'national');
  const other = await world.course('haukeland', 'local');
  const [to] = await world.all.search(`QuestionnaireResponse?patient=Patient/${course.patient}`);
  const made: [string, { readonly resourceType: string; readonly id?: string } | undefined][] = [
    ['Patient', { resourceType: 'Patient', id: course.patient }],
    ['survey', await world.post(categorized(course, 'survey'))],
    ['vital', await world.post(categorized(course, 'vital-signs'))],
    ['other', await world.post(categorized(other, 'survey'))],
    ['hads', await world.post(hads(course, 'in-progress'))],
    ['to', to],
    ['form', { resourceType: 'Questionnaire', id: 'hads' }],
    ['ward', { resourceType: 'Organization', id: 'haukeland-ward' }],
  ];
  for (const [column, resource] of made) asked.set(column, `${resource?.resourceType}/${resource?.id}`);
  roles = await roleServer(world.server);
});

afterAll(async () => {
  await roles?.close();
  await world?.server.close();
});

function categorized(of: Course, code: string): Observation {
  const system = 'http://terminology.hl7.org/CodeSystem/observation-category';
  return { ...observation(of), category: [{ coding: [{ system, code }] }] };
}

function client(who: string, launch: string, scope: string): Rest {
  const identity: Identity = {
    ...identityOf(who as Column, course.patient, ''),
    ...(scope.startsWith('(') ? {} : { scope }),
    ...(launch === 'yes' ? { patient: course.patient } : {}),
  };
  return roles.as(identity);
}

/** What is answered to a column's question. */
async function answer(as: Rest, column: string): Promise<string> {
  const added = /^add (.+)$/.exec(column)?.[1];
  if (added !== undefined) {
    const { status, body } = await as.post<Resource>(
      'Observation',
      categorized(course, added === 'vital' ? 'vital-signs' : added),
    );
    if (status === 201) await world.all.send('DELETE', `Observation/${body.id}`);
    return status === 201 ? 'yes' : String(status);
  }
  const [type = '', id = ''] = (asked.get(column) ?? '').split('/');
  const read = await as.get(`${type}/${id}`);
  return read.status === 200 ? 'yes' : String(read.status);
}

/** The same by search. */
async function found(as: Rest, column: string): Promise<string> {
  const [type = '', id = ''] = (asked.get(column) ?? '').split('/');
  const { status, body } = await as.get<Bundle>(`${type}?_id=${id}&_summary=false`);
  if (status !== 200) return String(status);
  return (body.entry ?? []).length > 0 ? 'yes' : '404';
}

/** The first three columns are one name for a row: the table is read as others, by its first column. */
const table = rows(
  SCOPE_TABLE.trim()
    .split('\n')
    .map((line) => {
      const [, who = '', launch = '', scope = '', ...cells] = line.split('|');
      return `|${[who, launch, scope].map((cell) => cell.trim()).join(' ; ')}|${cells.join('|')}`;
    })
    .join('\n'),
);

describe.each(table)('$name', ({ name, cells }) => {
  const [who = '', launch = '', scope = ''] = name.split(' ; ');
  test.each(Object.entries(cells))('%s: %s', async (column, expected) => {
    const as = client(who, launch, scope);
    expect(await answer(as, column)).toBe(expected);
    // who may read and not search is told 403 by a search
    if (!column.startsWith('add ') && !scope.includes('.r ')) {
      expect(await found(as, column)).toBe(expected);
    }
  });
});

test('a superseded version is out of reach of a constraint, which only the current one can meet', async () => {
  const [type = '', id = ''] = (asked.get('survey') ?? '').split('/');
  const { body } = await world.all.get<Observation>(`${type}/${id}`);
  await world.put({ ...body, valueInteger: 5 });
  const as = client('lu', 'no', 'user/Observation.rs?category=survey');
  expect((await as.get(`${type}/${id}/_history/1`)).status).toBe(404);
  expect((await as.get(`${type}/${id}/_history/2`)).status).toBe(200);
  expect((await client('lu', 'no', 'user/Observation.rs').get(`${type}/${id}/_history/1`)).status).toBe(200);
});
