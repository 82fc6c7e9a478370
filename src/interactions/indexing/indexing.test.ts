import type { Observation, SearchParameter } from '@medplum/fhirtypes';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestServer, testServer } from '../../../tests/kit/fhir-server.ts';
import { type Rest, rest } from '../../../tests/kit/rest.ts';
import { checkIndexRows } from '../../../tests/ledger/checks/index-rows.ts';
import { readStored } from '../../../tests/ledger/checks/stored.ts';
import { buildParameters } from './build.ts';

/** Two processes on one database; nothing happens in their background, so that a test decides who knows what. */
let first: TestServer;
let second: TestServer;
let client: Rest;
let other: Rest;

beforeEach(async () => {
  first = await testServer({ packages: false, background: false });
  second = await testServer({ packages: false, background: false, database: first.database });
  client = rest(first.base);
  other = rest(second.base);
});

afterEach(async () => {
  await second.close();
  await first.close();
});

const parameter = (fields: Partial<SearchParameter> = {}): SearchParameter => ({
  resourceType: 'SearchParameter',
  id: 'site',
  url: 'https://svar.example.org/fhir/SearchParameter/test-site',
  name: 'Site',
  status: 'active',
  description: 'for a test',
  code: 'site',
  base: ['Observation'],
  type: 'token',
  expression: 'Observation.bodySite',
  ...fields,
});

const define = (fields: Partial<SearchParameter> = {}) => client.put('SearchParameter/site', parameter(fields));

async function create(site: string, through: Rest = client): Promise<string> {
  const { status, body } = await through.post<Observation>('Observation', observation(site));
  expect(status).toBe(201);
  return body.id ?? '';
}

const observation = (site: string, id?: string): object => ({
  ...{ resourceType: 'Observation', status: 'final', code: { coding: [{ code: `code-${site}` }] } },
  ...(id ? { id } : {}),
  bodySite: { coding: [{ system: 'urn:site', code: site }] },
});

const found = async (site: string, through: Rest = client): Promise<(string | undefined)[]> =>
  (await through.search<Observation>(`Observation?site=urn:site|${site}`)).map(({ id }) => id);

const status = async (through: Rest = client): Promise<number> => (await through.get('Observation?site=x')).status;

const strays = async (): Promise<string[]> =>
  checkIndexRows(first.database.pool, first.fhir.engine, await readStored(first.database.pool));

test('a new parameter is refused, not found empty, until it is complete; then it finds what was there before', async () => {
  const before = await create('knee');
  expect(await status()).toBe(400);
  await define();
  expect(await status()).toBe(400);
  const meanwhile = await create('knee');
  await first.fhir.refresh();
  const after = await create('knee');
  expect(await found('knee')).toEqual([before, meanwhile, after]);
  expect(await strays()).toEqual([]);
});

test('it finds what other processes wrote that had not heard of it', async () => {
  await create('hip');
  await define();
  const early = await create('knee', other);
  await first.fhir.refresh();
  const late = await create('knee', other);
  const changed = await create('hip', other);
  await other.put(`Observation/${changed}`, observation('knee', changed));
  expect(await found('knee')).toEqual([early, late, changed]);
  await second.fhir.refresh();
  expect(await found('knee', other)).toEqual([early, late, changed]);
  expect(await strays()).toEqual([]);
});

test('one connection is enough to make it, and a build that fails leaves the next one free to', async () => {
  await create('knee');
  await define();
  const pool = new pg.Pool({ connectionString: first.database.url, max: 1 });
  const site = [{ type: 'Observation', code: 'site' }];
  const failing = { ...first.fhir.engine, pool, hashSeed: 'no number' };
  await expect(buildParameters(failing, site)).rejects.toThrow();
  expect(await buildParameters({ ...first.fhir.engine, pool }, site)).toBe(true);
  await pool.end();
  await first.fhir.refresh();
  expect(await found('knee')).toHaveLength(1);
});

test('while it is made, writers change, delete and create, and no row is missing or stray', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 250; i += 1) {
    ids.push(await create('hip'));
  }
  await define();
  let building = true;
  const writing = Promise.all(
    [client, other, client, other].map(async (through, lane) => {
      for (let i = lane; building; i += 4) {
        const id = ids[(i * 37) % ids.length] ?? '';
        const answer = await (i % 9 === 0
          ? through.send('DELETE', `Observation/${id}`)
          : through.put(`Observation/${id}`, observation(i % 2 ? 'knee' : 'hip', id)));
        expect([200, 201, 204]).toContain(answer.status);
      }
    }),
  );
  await first.fhir.refresh();
  building = false;
  await writing;
  expect(await strays()).toEqual([]);
});

test('a parameter that changes is made anew; rows of what it was are gone', async () => {
  await define();
  await first.fhir.refresh();
  const id = await create('knee');
  await define({ expression: 'Observation.code' });
  expect(await status()).toBe(400);
  await first.fhir.refresh();
  expect((await client.search<Observation>('Observation?site=code-knee')).map((one) => one.id)).toEqual([id]);
  expect(await found('knee')).toEqual([]);
  expect(await strays()).toEqual([]);
});

test('a parameter that is retired is unknown again; back in force it finds what came meanwhile', async () => {
  await define();
  await first.fhir.refresh();
  const before = await create('knee');
  await define({ status: 'retired' });
  await first.fhir.refresh();
  expect(await status()).toBe(400);
  const { rows } = await first.database.pool.query('select code from search_parameter');
  expect(rows).toEqual([]);
  const meanwhile = await create('knee');
  await define();
  expect(await status()).toBe(400);
  await first.fhir.refresh();
  expect(await found('knee')).toEqual([before, meanwhile]);
  expect(await strays()).toEqual([]);
});

test("a parameter that has the name of one of R4's leaves that as it is", async () => {
  const id = await create('knee');
  await define({ code: 'code' });
  await first.fhir.refresh();
  expect((await client.search<Observation>('Observation?code=code-knee')).map((one) => one.id)).toEqual([id]);
  await define({ code: 'code', status: 'retired' });
  await first.fhir.refresh();
  expect((await client.search<Observation>('Observation?code=code-knee')).map((one) => one.id)).toEqual([id]);
  expect(await strays()).toEqual([]);
});

test('what a custom parameter refers to cannot be deleted, whether the parameter is in force or not', async () => {
  await client.put('Location/ward', { resourceType: 'Location', id: 'ward' });
  const url = 'http://hl7.org/fhir/StructureDefinition/event-location';
  const { body } = await client.post<Observation>('Observation', {
    ...observation('knee'),
    extension: [{ url, valueReference: { reference: 'Location/ward' } }],
  });
  const remove = async (): Promise<number> => (await client.send('DELETE', 'Location/ward')).status;
  const expression = `Observation.extension.where(url = '${url}').value`;
  expect(await remove()).toBe(409);
  await define({ type: 'reference', expression, target: ['Location'] });
  await first.fhir.refresh();
  expect((await client.search<Observation>('Observation?site=Location/ward')).map(({ id }) => id)).toEqual([body.id]);
  expect(await remove()).toBe(409);
  await client.put(`Observation/${body.id}`, { ...body, note: [{ text: 'changed' }] });
  await define({ type: 'reference', expression, target: ['Location'], status: 'retired' });
  await first.fhir.refresh();
  expect(await remove()).toBe(409);
  await client.put(`Observation/${body.id}`, observation('knee', body.id));
  expect(await remove()).toBe(204);
});
