import type {
  Binary,
  Bundle,
  Group,
  List,
  Observation,
  OperationOutcome,
  Patient,
  Provenance,
  QuestionnaireResponse,
  Resource,
  Task,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemCaller } from '../../src/model/caller.ts';
import { typeNumber } from '../../src/model/resource-types.ts';
import { idOfRid } from '../../src/model/rid.ts';
import type { StoredVersion } from '../../src/model/stored.ts';
import { erase } from '../../src/rights/erasure/erase.ts';
import { inOneCommit } from '../../src/rights/one-commit.ts';
import { read } from '../../src/store/read.ts';
import { type Course, hadsItems, response } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { call, moveClock, nationalCourse } from './kit.ts';

const NUMBER = '13916900281';
const SYSTEM = 'urn:oid:2.16.578.1.12.4.1.4.1';
const SAID = ['Borteseter', 'Ukjenta', '99887766', NUMBER, Buffer.from(NUMBER).toString('base64')];

let server: TestServer;
let client: Rest;
let course: Course;
let others: { list: List; group: Group; observation: Observation; provenance: Provenance };
/** Ids and rids of all of the record, as they were. */
let ids: string[];
let rids: string[];
let outcome: OperationOutcome;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00' });
  client = rest(server.base);
  course = await nationalCourse(client);
  await fill();
  const { rows } = await server.database.pool.query(
    'select rid, id from resource where (patient = $1 or rid = $1) and type <> $2',
    [BigInt(`0x${course.patient}`).toString(), typeNumber('Group')],
  );
  rids = rows.map(({ rid }) => rid);
  ids = rows.map(({ rid, id }) => id ?? idOfRid(rid));
});

afterAll(() => server.close());

async function stored<R extends Resource>(resource: R): Promise<R> {
  const { status, body } = await client.post<R>(resource.resourceType, resource);
  expect([status, status === 201 ? '' : JSON.stringify(body)]).toEqual([201, '']);
  return body;
}

/** What a record has that was in use, and what others say of it. */
async function fill(): Promise<void> {
  const subject = { reference: `Patient/${course.patient}` };
  const { body: patient } = await client.get<Patient>(subject.reference);
  const named: Patient = {
    ...patient,
    name: [{ family: 'Borteseter', given: ['Ukjenta'] }],
    telecom: [{ system: 'phone', value: '99887766' }],
  };
  await client.put(subject.reference, named);
  await client.put(subject.reference, { ...named, active: true });
  await moveClock(server, client, '2026-03-02T17:00:00+01:00'); // orders and notices
  const hads = response(course, 'hads', 'completed', hadsItems(), '2026-03-02T17:00:00+01:00');
  const answer = await stored<QuestionnaireResponse>(hads);
  await server.fhir.runner.drain(); // scores
  const gone = await stored<Observation>({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'Ukjenta' },
    subject,
  });
  await client.send('DELETE', `Observation/${gone.id}`);
  const own: Observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject };
  await client.put('Observation/obs-of-ehr', { ...own, id: 'obs-of-ehr' });
  await call(client, `Patient/${course.patient}/$reserve`);
  await call(client, `Patient/${course.patient}/$restrict`, { reason: 'Opplysningene bestrides.' });

  const display = 'Borteseter, Ukjenta';
  const identifier = { system: SYSTEM, value: NUMBER };
  const list = await stored<List>({
    resourceType: 'List',
    status: 'current',
    mode: 'working',
    entry: [
      { item: { reference: `QuestionnaireResponse/${answer.id}`, display } },
      { item: { reference: 'Observation/obs-of-ehr' } },
    ],
  });
  await client.put(`List/${list.id}`, { ...list, note: [{ text: `Ring ${NUMBER}.` }] });
  const { body: other } = await client.post<Patient>('Patient', {
    resourceType: 'Patient',
    name: [{ text: 'En annen' }],
  });
  const group = await stored<Group>({
    resourceType: 'Group',
    type: 'person',
    actual: true,
    name: 'tilfeldig utvalg',
    member: [{ entity: { ...subject, display, identifier } }, { entity: { reference: `Patient/${other.id}` } }],
  });
  await client.put(`Group/${group.id}`, { ...group, member: group.member?.slice(1) });
  await stored<Group>({ ...group, id: undefined, meta: undefined, name: 'et annet utvalg' });
  const observation = await stored<Observation>({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'donor' },
    subject: { reference: `Patient/${other.id}` },
    focus: [{ ...subject, display }],
    valueQuantity: { value: 1.5 },
  });
  // what names no patient and is of this one all the same
  await stored<Binary>({
    resourceType: 'Binary',
    contentType: 'text/plain',
    securityContext: subject,
    data: Buffer.from(NUMBER).toString('base64'),
  });
  await stored<Task>({
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    basedOn: [{ reference: `ServiceRequest/${course.referral}` }],
    description: 'Ring Ukjenta.',
  });
  const provenance = await stored<Provenance>({
    resourceType: 'Provenance',
    target: [{ reference: `QuestionnaireResponse/${answer.id}` }],
    recorded: '2026-03-02T17:00:00Z',
    agent: [{ who: { display } }],
  });
  others = { list, group, observation, provenance };
  await server.database.pool.query(
    `insert into account (id, login, fhir_user, state, created) values ('account-1', 'ukjenta', $1, 'active', 0)`,
    [subject.reference],
  );
  await server.database.pool.query(
    `insert into session (id, subject, identity, created, seen, expires) values ('s', 'account-1', $1, 0, 0, 0)`,
    [JSON.stringify({ fhirUser: subject.reference })],
  );
}

/** In which tables a text stands, in whatever column: rows as text, every table of the database. */
async function standsIn(text: string): Promise<string[]> {
  const { rows } = await server.database.pool.query<{ name: string }>(
    "select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const { rowCount } = await server.database.pool.query(`select 1 from "${name}" t where strpos(t::text, $1) > 0`, [
      text,
    ]);
    if ((rowCount ?? 0) > 0) found.push(name);
  }
  return found.sort();
}

const asked = (given: Record<string, string>) =>
  call<OperationOutcome>(client, `Patient/${course.patient}/$erase`, given);

describe('an erasure', () => {
  test('has to be confirmed, with a reason that the law knows', async () => {
    expect((await asked({ basis: 'consent-withdrawn' })).status).toBe(400);
    expect((await asked({ basis: 'consent-withdrawn', confirm: course.episode })).status).toBe(400);
    expect((await asked({ basis: 'because', confirm: course.patient })).status).toBe(400);
    expect((await client.get(`Patient/${course.patient}`)).status).toBe(200);
  });

  test('leaves no name, no number, no id and no key of the record in any column of any table', async () => {
    for (const text of SAID) expect(await standsIn(text), text).not.toEqual([]);
    for (const text of [...ids, ...rids]) expect(await standsIn(text), text).not.toEqual([]);
    expect(await standsIn(`Patient/${course.patient}`)).toContain('account');

    const { status, body } = await asked({ basis: 'consent-withdrawn', confirm: course.patient });
    expect(status).toBe(200);
    outcome = body;

    for (const text of SAID) expect(await standsIn(text), text).toEqual([]);
    // tombstones: the patient, and the two that a list of others refers to
    const { rows } = await server.database.pool.query<{ rid: string }>(
      "select rid from resource where deleted and content = 'erased'",
    );
    const kept = rows.map(({ rid }) => rid);
    expect(kept).toHaveLength(3);
    for (const rid of rids.filter((each) => !kept.includes(each))) expect(await standsIn(rid), rid).toEqual([]);
    for (const rid of kept) {
      expect(
        (await standsIn(rid)).filter((table) => table !== 'resource' && table !== 'erasure'),
        rid,
      ).toEqual([]);
    }
    for (const id of ids.filter((each) => !kept.map(idOfRid).includes(each)))
      expect(await standsIn(id), id).toEqual([]);
    expect(await standsIn('obs-of-ehr')).toEqual([]);
    expect(await standsIn('account-1')).toEqual([]);
  });

  test('tells what it did and what is kept', () => {
    expect(outcome.issue?.[0]?.diagnostics).toContain(`${ids.length + 3} resources`); // and what names no patient: a Provenance, a Binary, a Task
    expect(outcome.issue?.[1]?.diagnostics).toContain('4 resources of others');
    expect(outcome.issue?.[2]?.diagnostics).toContain('Kept');
  });

  test('leaves a tombstone: 410, and nothing comes back under the ids', async () => {
    const path = `Patient/${course.patient}`;
    const read = await client.get<OperationOutcome>(path);
    expect([read.status, read.body.issue?.[0]?.diagnostics]).toEqual([410, expect.stringContaining('erased')]);
    expect((await client.put(path, { resourceType: 'Patient', id: course.patient })).status).toBe(410);
    const episode = {
      resourceType: 'EpisodeOfCare',
      id: course.episode,
      status: 'active',
      patient: { reference: path },
    };
    expect((await client.put(`EpisodeOfCare/${course.episode}`, episode)).status).toBe(410);
    const observation = { resourceType: 'Observation', id: 'obs-of-ehr', status: 'final', code: { text: 'x' } };
    expect((await client.put('Observation/obs-of-ehr', observation)).status).toBe(410);
    expect((await client.post('Observation', { ...observation, subject: { reference: path } })).status).toBe(422);
    expect((await client.get(`${path}/_history`)).body).toMatchObject({ total: 1 });
    expect((await client.get(`${path}/_history/2`)).status).toBe(404);
    expect((await call(client, `${path}/$erase`, { basis: 'objection', confirm: course.patient })).status).toBe(410);
  });

  test('what others refer to leads to a tombstone and names nobody; what they say otherwise stays', async () => {
    const { body: list } = await client.get<List>(`List/${others.list.id}`);
    const items = (list.entry ?? []).map(({ item }) => item);
    expect(items.every((item) => Object.keys(item ?? {}).join() === 'reference')).toBe(true);
    for (const item of items) expect((await client.get(item?.reference ?? '')).status).toBe(410);
    expect(list.note?.[0]?.text).toBe('Ring –.');
    const { body: history } = await client.get<Bundle<Group>>(`Group/${others.group.id}/_history`);
    const members = history.entry?.[1]?.resource?.member?.map(({ entity }) => entity);
    expect(members).toEqual([{ reference: `Patient/${course.patient}` }, { reference: expect.any(String) }]);
    const [another] = await client.search<Group>(`Group?member=Patient/${course.patient}`);
    expect(another?.member?.[0]?.entity).toEqual({ reference: `Patient/${course.patient}` });
    const { body: observation } = await client.get<Observation>(`Observation/${others.observation.id}`);
    expect([observation.focus, observation.valueQuantity]).toEqual([
      [{ reference: `Patient/${course.patient}` }],
      { value: 1.5 },
    ]);
    expect(await client.search(`Observation?focus=Patient/${course.patient}`)).toHaveLength(1);
    expect((await client.get(`Provenance/${others.provenance.id}`)).status).toBe(410);
  });

  test('of one of two records under the same number leaves the other whole, and says that it is there', async () => {
    const [one, two] = [await nationalCourse(client), await nationalCourse(client)];
    const { body: before } = await client.get<Patient>(`Patient/${two.patient}`);
    const given = { basis: 'entered-in-error', confirm: one.patient };
    const { status, body } = await call<OperationOutcome>(client, `Patient/${one.patient}/$erase`, given);
    expect([status, body.issue?.at(-1)?.severity]).toEqual([200, 'warning']);
    expect((await client.get<Patient>(`Patient/${two.patient}`)).body).toEqual(before);
  });
});

test('what fails on the way leaves the record whole', async () => {
  const { patient } = await nationalCourse(client);
  await server.fhir.runner.drain();
  const { engine } = server.fhir;
  const rid = BigInt(`0x${patient}`).toString();
  const rows = async () =>
    (
      await server.database.pool.query('select rid, version, content from resource where patient = $1 order by rid', [
        rid,
      ])
    ).rows;
  const before = await rows();
  const failing = inOneCommit(engine, systemCaller, async ({ db, now }) => {
    const stored = await read(db, systemCaller, 'Patient', patient);
    const erasing = {
      by: 'x',
      basis: 'objection',
      now,
      tenant: undefined,
      forget: [() => Promise.reject(new Error('no'))],
    };
    await erase(engine, db, stored as StoredVersion, [], erasing);
  });
  await expect(failing).rejects.toThrow('no');
  expect(await rows()).toEqual(before);
  expect((await client.get(`Patient/${patient}`)).status).toBe(200);
  expect(await client.search(`QuestionnaireResponse?patient=${patient}`)).toHaveLength(1);
});

test('a patient whose id a client gave: the id is gone from every column, and is not given again', async () => {
  const id = 'ehr-4711-patient';
  const born: Patient = { resourceType: 'Patient', id, name: [{ text: 'Syntetisk' }] };
  expect((await client.put(`Patient/${id}`, born)).status).toBe(201);
  const observation: Observation = {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    subject: { reference: `Patient/${id}` },
  };
  await stored(observation);
  const list = await stored<List>({
    resourceType: 'List',
    status: 'current',
    mode: 'working',
    entry: [{ item: { reference: `${server.base}/Patient/${id}` } }],
  });
  expect((await call(client, `Patient/${id}/$erase`, { basis: 'objection', confirm: id })).status).toBe(200);
  expect(await standsIn(id)).toEqual([]);
  expect((await client.get(`Patient/${id}`)).status).toBe(410);
  expect((await client.put(`Patient/${id}`, born)).status).toBe(410);
  const transaction = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ resource: born, request: { method: 'PUT', url: `Patient/${id}` } }],
  };
  expect((await client.post('', transaction)).status).toBe(410);
  expect((await client.post('Observation', observation)).status).toBe(422);
  const { body } = await client.get<List>(`List/${list.id}`);
  expect((await client.get(body.entry?.[0]?.item.reference ?? '')).status).toBe(410);
});
