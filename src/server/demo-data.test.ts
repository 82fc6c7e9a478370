import type { EpisodeOfCare, Observation, ResearchSubject, Task } from '@medplum/fhirtypes';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestServer, testSecrets, testServer } from '../../tests/kit/fhir-server.ts';
import { type Rest, rest } from '../../tests/kit/rest.ts';
import type { Bot } from '../bots/bot.ts';
import type { Channel } from '../delivery/channel.ts';
import { demoContactRegister } from '../delivery/contact.ts';
import { createLog } from '../runtime/log.ts';
import { StoredClock } from '../store/stored-clock.ts';
import { loadDemoData } from './demo-data.ts';
import type { FhirServerParts } from './fhir-server.ts';

/** In an afternoon, some days after a clock change. */
const NOW = new Date('2026-04-04T15:59:00+02:00');

let server: TestServer;
let client: Rest;

beforeEach(async () => {
  // as the product's own, which works on nothing before the demo's weeks are over
  server = await testServer({ background: false });
  client = rest(server.base);
});

afterEach(() => server.close());

const carries: Channel = {
  name: 'spool',
  medium: 'secure',
  reach: ({ patient }) => ({ address: patient }),
  send: async () => undefined,
};

function parts(): FhirServerParts {
  return {
    pool: server.database.pool,
    databaseUrl: server.database.url,
    fhirBase: server.base,
    testClock: undefined,
    timeZone: 'Europe/Oslo',
    channels: [carries],
    contacts: demoContactRegister,
    log: createLog('silent'),
    version: '0.0.0-test',
    secrets: testSecrets,
  };
}

test('a first start gives every demo hospital courses in several states, once, and leaves no test clock', async () => {
  await loadDemoData(parts(), server.fhir, NOW);
  const courses = await client.search<EpisodeOfCare>('EpisodeOfCare?_count=100');
  const hospitals = Map.groupBy(courses, ({ managingOrganization }) => managingOrganization?.reference);
  expect([courses.length, hospitals.size]).toEqual([16, 3]);
  const subjects = await client.search<ResearchSubject>('ResearchSubject?_count=100');
  expect(new Set(subjects.map(({ status }) => status)).size).toBeGreaterThan(2);
  const orders = await client.search<Task>('Task?_count=100');
  expect(new Set(orders.map(({ businessStatus }) => businessStatus?.coding?.[0]?.code)).size).toBeGreaterThan(2);
  expect(Math.max(...courses.map(({ meta }) => Date.parse(meta?.lastUpdated ?? '')))).toBeLessThanOrEqual(
    NOW.getTime(),
  );
  expect(await StoredClock.stored(server.database.pool)).toBeUndefined();

  await client.send('DELETE', `Observation/${(await client.search('Observation'))[0]?.id}`);
  const before = (await client.search('Observation?_count=200')).length;
  await loadDemoData(parts(), server.fhir, NOW);
  expect((await client.search('Observation?_count=200')).length).toBe(before);
});

test.each(['00:30', '09:00', '23:30'])(
  'a first start at %s gives every course too, and the demo patient forms to answer and results to see',
  async (time) => {
    await loadDemoData(parts(), server.fhir, new Date(`2026-10-30T${time}:00+01:00`));
    const orders = await client.search<Task>('Task?focus=EpisodeOfCare/demo-0001-2&code=complete-questionnaire');
    const states = orders.map(({ description, businessStatus }) => [description, businessStatus?.coding?.[0]?.code]);
    expect(Object.fromEntries(states)).toMatchObject({ HADS: 'sent', Pasientregistrering: 'sent' });
    const pain = await client.search<Observation>('Observation?patient=Patient/demo-0001&code=nrs-worst&_sort=date');
    expect(pain.map(({ valueQuantity }) => valueQuantity?.value)).toEqual([8, 7, 4]);
    expect(await client.search('EpisodeOfCare?_count=100')).toHaveLength(16);
  },
);

test('a test clock that the database had before is not heard', async () => {
  await StoredClock.open(server.database.pool, new Date('2030-01-01T00:00:00Z'));
  await loadDemoData(parts(), server.fhir, NOW);
  expect(await client.search('EpisodeOfCare?_count=100')).toHaveLength(16);
});

test('two processes that start at once play it once', async () => {
  await Promise.all([loadDemoData(parts(), server.fhir, NOW), loadDemoData(parts(), server.fhir, NOW)]);
  const courses = await client.search<EpisodeOfCare>('EpisodeOfCare?_count=100');
  expect(courses.map(({ meta }) => meta?.versionId)).toEqual(Array(16).fill('1'));
});

test('a start that broke off half-way goes on where it was at the next', async () => {
  const breaking: Bot = {
    declaration: { name: 'breaking', kind: 'enforce', trigger: ['EpisodeOfCare'] },
    async handler(_medplum, { input }) {
      if ((input as EpisodeOfCare).id === 'demo-0009') throw new Error('broken off');
    },
  };
  await expect(loadDemoData({ ...parts(), bots: [breaking] }, server.fhir, NOW)).rejects.toThrow();
  const some = await client.search<EpisodeOfCare>('EpisodeOfCare?_count=100');
  expect(some.length).toBeGreaterThan(0);
  expect(some.length).toBeLessThan(16);
  await loadDemoData(parts(), server.fhir, NOW);
  const courses = await client.search<EpisodeOfCare>('EpisodeOfCare?_count=100');
  expect(courses.map(({ meta }) => meta?.versionId)).toEqual(Array(16).fill('1'));
  expect(await StoredClock.stored(server.database.pool)).toBeUndefined();
});

test('a start that broke off at the very end does not play again what it has played', async () => {
  const { pool } = server.database;
  const refuse =
    "begin if new.name = 'demo_data' and new.value = 'done' then raise 'broken off'; end if; return new; end";
  await pool.query(`create function refuse() returns trigger language plpgsql as $$ ${refuse} $$`);
  await pool.query('create trigger refuse before update on setting for each row execute function refuse()');
  await expect(loadDemoData(parts(), server.fhir, NOW)).rejects.toThrow('broken off');
  expect(await StoredClock.stored(pool)).toEqual(NOW);
  await pool.query('drop trigger refuse on setting');
  // What the server itself does from then on is of today: NOW is long ago for it.
  const ofThoseWeeks = `select count(*) from (select updated from history union all select updated from resource) v
    where updated <= ${NOW.getTime()}`;
  const before = await pool.query(ofThoseWeeks);
  await loadDemoData(parts(), server.fhir, NOW);
  expect((await pool.query(ofThoseWeeks)).rows).toEqual(before.rows);
  expect(await StoredClock.stored(pool)).toBeUndefined();
});

test('a database with a patient of its own gets none', async () => {
  await client.put('Patient/demo-of-mine', { resourceType: 'Patient', id: 'demo-of-mine' });
  await loadDemoData(parts(), server.fhir, NOW);
  expect(await client.search('EpisodeOfCare')).toEqual([]);
});
