import type { Patient, Task } from '@medplum/fhirtypes';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Bot } from '../../src/bots/bot.ts';
import { type GuardedFetch, guardedFetch } from '../../src/egress/guarded-fetch.ts';
import { readEgressPolicy, withOrigins } from '../../src/egress/policy.ts';
import { fhirError } from '../../src/model/issue.ts';
import { heedEvents } from '../../src/population/heed-events.ts';
import { PopulationFault, type PopulationRegister, personService } from '../../src/population/person-service.ts';
import { refer } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type PersonServiceStandIn, personServiceStandIn } from '../kit/person-service.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { moveClock, nationalCourse, syntheticNumber } from '../rights/kit.ts';

const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1';

let server: TestServer;
let client: Rest;
let standIn: PersonServiceStandIn;
let guarded: GuardedFetch;
let register: PopulationRegister;
/** Whether a bot refuses what is written of patients, as one does that takes too long. */
let isBusy = false;
let next = 20;
const number = (): string => {
  next += 1;
  return syntheticNumber(next);
};

beforeAll(async () => {
  const busy: Bot = {
    declaration: { name: 'busy', kind: 'enforce', trigger: ['Patient'], interactions: ['update'] },
    async handler() {
      if (isBusy) throw fhirError(503, 'timeout', 'busy took longer than 2000 ms');
    },
  };
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00', background: false, bots: [busy] });
  client = rest(server.base);
  standIn = await personServiceStandIn();
  guarded = guardedFetch(withOrigins(readEgressPolicy(''), [standIn.base]));
  register = personService(standIn.base, async () => ({ authorization: `Bearer ${standIn.token}` }), guarded);
  expect(await look()).toBe(0);
});

afterEach(() => {
  standIn.failing = undefined;
  isBusy = false;
});

afterAll(async () => {
  await guarded.close();
  await standIn.close();
  await server.close();
});

const look = (): Promise<number> =>
  heedEvents(server.fhir.engine, register, (_, problem) => {
    throw problem;
  });

const patientOf = async (id: string): Promise<Patient> => (await client.get<Patient>(`Patient/${id}`)).body;

/** Where the orders of a patient's forms stand. */
async function orders(patient: string): Promise<string[]> {
  const tasks = await client.search<Task>(`Task?patient=${patient}&code=complete-questionnaire`);
  return tasks.map(({ businessStatus }) => businessStatus?.coding?.[0]?.code ?? '').sort();
}

const OPEN = ['ordered', 'sent', 'reminded', 'planned', 'withheld', 'unreachable', 'paper'];
const open = (states: readonly string[]): string[] => states.filter((state) => OPEN.includes(state));

test('Death from the population register closes orders (and can be annulled)', async () => {
  const fnr = number();
  const course = await nationalCourse(client, { fnr });
  expect(open(await orders(course.patient)).length).toBeGreaterThan(1);

  standIn.persons.set('p1', { numbers: [{ value: fnr, valid: true }], death: death('2026-03-01') });
  standIn.happened('p1', 'PersonIsDeceased');
  expect(await look()).toBe(1);
  expect((await patientOf(course.patient)).deceasedDateTime).toBe('2026-03-01');
  expect(open(await orders(course.patient))).toEqual([]);
  const sent = server.sent.length;
  await moveClock(server, client, '2026-03-02T18:00:00+01:00');
  expect(server.sent).toHaveLength(sent);

  standIn.persons.set('p1', { numbers: [{ value: fnr, valid: true }], death: { isValid: false } });
  standIn.happened('p1', 'ChangeInDeath');
  expect(await look()).toBe(1);
  const alive = await patientOf(course.patient);
  expect([alive.deceasedDateTime, alive.deceasedBoolean]).toEqual([undefined, undefined]);
  expect(open(await orders(course.patient)).length).toBeGreaterThan(1);
  await moveClock(server, client, '2026-03-03T18:00:00+01:00');
  expect(server.sent.length).toBeGreaterThan(sent);
});

const death = (date: string) => ({ isValid: true, deceasedDate: `${date}T00:00:00+00:00` });

test('Death closes orders, too, where the hospital’s system tells of it', async () => {
  const course = await nationalCourse(client, { fnr: number() });
  const patient = await patientOf(course.patient);
  expect((await client.put(`Patient/${course.patient}`, { ...patient, deceasedBoolean: true })).status).toBe(200);
  expect(open(await orders(course.patient))).toEqual([]);
});

test('a changed or merged number keeps one patient: the new number is official, by the old the patient is found', async () => {
  const [before, after] = [number(), number()];
  const course = await refer(client, { fnr: before });
  standIn.persons.set('p2', {
    numbers: [
      { value: after, valid: true },
      { value: before, valid: false },
    ],
  });
  standIn.happened('p2', 'ChangeInNorwegianIdentificationNumber');
  await look();
  expect((await patientOf(course.patient)).identifier).toEqual([
    { system: FNR, value: after, use: 'official' },
    { system: FNR, value: before, use: 'old' },
  ]);
  for (const fnr of [before, after]) {
    const found = await client.search<Patient>(`Patient?identifier=${FNR}|${fnr}`);
    expect(found.map(({ id }) => id)).toEqual([course.patient]);
  }
});

test('a changed or merged number keeps one patient: of two Patients at one hospital who has the number in force stays', async () => {
  const [ceased, valid] = [number(), number()];
  const goes = await nationalCourse(client, { fnr: ceased });
  const stays = await nationalCourse(client, { fnr: valid });
  const elsewhere = await refer(client, { fnr: ceased, hospital: 'st-olavs' });
  const numbers = [
    { value: valid, valid: true },
    { value: ceased, valid: false },
  ];
  standIn.persons.set('p3', { numbers });
  standIn.happened('p3', 'PersonIsContinuedAsValidUponMerger');
  standIn.happened('p4', 'PersonIsDiscontinuedAsDuplicate');
  expect(await look()).toBe(2);
  expect((await patientOf(goes.patient)).link?.[0]).toEqual({
    ...{ other: { reference: `Patient/${stays.patient}` }, type: 'replaced-by' },
  });
  const courses = await client.search(`EpisodeOfCare?patient=${stays.patient}`);
  expect(courses.map(({ id }) => id).sort()).toEqual([goes.episode, stays.episode].sort());
  const other = await patientOf(elsewhere.patient);
  expect([other.link, other.identifier?.map(({ value, use }) => `${value} ${use}`)]).toEqual([
    undefined,
    [`${valid} official`, `${ceased} old`],
  ]);
});

test('where it stands is kept in the database; an event that comes twice changes nothing; failures lose none', async () => {
  const fnr = number();
  const course = await refer(client, { fnr });
  standIn.persons.set('p5', { numbers: [{ value: fnr, valid: true }], death: death('2026-02-01') });
  standIn.happened('p5', 'PersonIsDeceased');
  standIn.failing = 503;
  await expect(look()).rejects.toThrow(PopulationFault);
  expect((await patientOf(course.patient)).deceasedDateTime).toBeUndefined();
  standIn.failing = undefined;
  expect(await look()).toBe(1);
  expect(await look()).toBe(0);
  const { meta } = await patientOf(course.patient);
  standIn.happened('p5', 'PersonIsDeceased');
  expect(await look()).toBe(1);
  expect((await patientOf(course.patient)).meta?.versionId).toBe(meta?.versionId);
});

test('a death that could not be stored for the moment is stored at the next look', async () => {
  const fnr = number();
  const course = await refer(client, { fnr });
  standIn.persons.set('p7', { numbers: [{ value: fnr, valid: true }], death: death('2026-02-02') });
  standIn.happened('p7', 'PersonIsDeceased');
  isBusy = true;
  const passed: number[] = [];
  const busy = heedEvents(server.fhir.engine, register, (sequenceNumber) => passed.push(sequenceNumber));
  await expect(busy).rejects.toMatchObject({ status: 503 });
  expect((await patientOf(course.patient)).deceasedDateTime).toBeUndefined();
  isBusy = false;
  expect(await look()).toBe(1);
  expect((await patientOf(course.patient)).deceasedDateTime).toBe('2026-02-02');
  expect(passed).toEqual([]);
});

test('no number is in an address, and what is not heeded is not asked for', async () => {
  const fnr = number();
  await refer(client, { fnr });
  standIn.persons.set('p6', { numbers: [{ value: fnr, valid: true }] });
  standIn.happened('p6', 'ChangeInName');
  expect(await look()).toBe(0);
  standIn.happened('p6', 'ChangeInNorwegianIdentificationNumber');
  expect(await look()).toBe(1);
  expect(standIn.asked.filter((asked) => /\d{11}/.test(asked))).toEqual([]);
});
