import type { Bundle } from '@medplum/fhirtypes';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { headsOf } from '../../src/audit/chain-store.ts';
import { forgetPatient } from '../../src/audit/patient-keys.ts';
import type { Head } from '../../src/audit/seal.ts';
import { type Verdict, verify } from '../../src/audit/verify.ts';
import { ridOfId } from '../../src/model/rid.ts';
import { secretsOf } from '../../src/runtime/secrets.ts';
import { type TestServer, testSecrets, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

/*
 * One database in which two processes have audited: one that has ended, one at work. Each test does one thing to it as
 * somebody would who has only the database, looks what verify finds, and takes it back by a savepoint.
 */
let server: TestServer;
let client: Rest;
let db: pg.Client;
let ended: number;
let patient: string;

beforeAll(async () => {
  server = await testServer({ packages: false });
  const before = await testServer({ packages: false, database: server.database });
  client = rest(before.base);
  patient = (await client.post<{ id: string }>('Patient', { resourceType: 'Patient' })).body.id;
  for (const n of [1, 2, 3]) {
    await client.get(`Patient/${patient}`);
    await client.put(`Patient/${patient}`, { resourceType: 'Patient', id: patient, multipleBirthInteger: n });
    await settled();
  }
  await before.close();
  ended = 2; // the server at work began before it
  client = rest(server.base);
  await client.get(`Patient/${patient}`);
  await client.post<Bundle>('Observation', about(patient));
  // a third chain begins, which knows how the others stood
  const after = await testServer({ packages: false, database: server.database });
  await rest(after.base).get(`Patient/${patient}`);
  await after.close();
  await settled();
  db = new pg.Client({ connectionString: server.database.url });
  await db.connect();
}, 60_000);

afterAll(async () => {
  await db.end();
  await server.close();
});

const about = (id: string) => ({
  ...{ resourceType: 'Observation', status: 'final', code: { text: 'x' } },
  subject: { reference: `Patient/${id}` },
});

/** Until the next link is made. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 250));

const undo: string[] = [];
afterEach(async () => {
  for (const sql of undo.splice(0)) {
    await db.query(sql);
  }
});

/** Does something to the tables of the audit; what was there is put back after the test. */
async function tamper(sql: string): Promise<void> {
  for (const table of ['audit', 'audit_seal', 'audit_chain', 'audit_agent', 'patient_key', 'resource', 'history']) {
    await db.query(`create temporary table kept_${table} as table ${table}`);
    undo.push(`delete from ${table}`, `insert into ${table} table kept_${table}`, `drop table kept_${table}`);
  }
  const done = await db.query(sql);
  const counts = [done].flat().map(({ rowCount }) => rowCount ?? 0);
  expect(Math.min(...counts), 'the test does something').toBeGreaterThan(0);
}

const look = (checkpoints: readonly Head[] = []): Promise<Verdict> => verify(db, testSecrets, checkpoints);
const faults = async (checkpoints: readonly Head[] = []): Promise<string[]> =>
  (await look(checkpoints)).findings.map(({ fault, place }) => `${fault}: ${place}`);

test('what nobody touched is found whole, beside a server at work', async () => {
  const { findings, counts } = await look(await headsOf(db));
  expect(findings).toEqual([]);
  expect(counts).toMatchObject({ chains: 3, versions: 5, left: 0 });
  expect(counts.rows).toBe(10);
});

test.each([
  ['when', 'at = at + 1'],
  ['who', 'agent = agent + 1'],
  ['of whom', 'patient = patient # 1'],
  ['what', 'interaction = 11'],
  ['the type', 'type = 1'],
  ['how it ended', 'status = 404'],
  ['the operation', "operation = 'x'"],
  ['which resources', "sealed = sealed || '\\x00'::bytea"],
  ['that there are resources', 'sealed = null'],
  ['the mac itself', 'mac = mac # 1'],
])('a row of which %s was changed is found, with its place', async (_what, change) => {
  await tamper(`update audit set ${change} where chain = ${ended} and n = 3`);
  expect(await faults()).toContainEqual(expect.stringMatching(/^changed row: chain 2, link \d+, row 3$/));
});

test('a row that was taken away is found, with its place', async () => {
  await tamper(`delete from audit where chain = ${ended} and n = 2`);
  expect(await faults()).toContainEqual(expect.stringMatching(/^missing row: chain 2, link \d+, row 2$/));
});

test('rows that changed places are found', async () => {
  await tamper(`update audit a set at = b.at, mac = b.mac, agent = b.agent, interaction = b.interaction, type = b.type,
    status = b.status, sealed = b.sealed
    from audit b where a.chain = ${ended} and b.chain = ${ended} and a.n in (2, 3) and b.n = 5 - a.n`);
  expect((await faults()).filter((fault) => fault.startsWith('changed row'))).toHaveLength(2);
});

test('links that changed places are found', async () => {
  await tamper(`update audit_seal a set rows = b.rows, hash = b.hash, low = b.low, high = b.high, at = b.at
    from audit_seal b where a.chain = ${ended} and b.chain = ${ended} and a.number in (2, 3) and b.number = 5 - a.number`);
  expect(await faults()).toContainEqual(expect.stringMatching(/^broken link: chain 2, link 2/));
});

test('a row that was made up is found, though it stands where none was', async () => {
  await tamper(`insert into audit (n, at, agent, patient, mac, chain, interaction, type, status, operation, sealed)
    select n + 1000, at, agent, patient, mac, chain, interaction, type, status, operation, sealed from audit
    where chain = ${ended} and n = 2`);
  expect(await faults()).toContainEqual('inserted row: chain 2, row 1002: no link holds it');
});

test('a row that was made up where a row was void is found', async () => {
  await tamper(`insert into audit (n, at, agent, patient, mac, chain, interaction, type, status, operation, sealed)
    select 0, at, agent, patient, mac, chain, interaction, type, status, operation, sealed from audit
    where chain = ${ended} and n = 2`);
  expect(await faults()).toContainEqual('inserted row: chain 2, row 0: no link holds it');
});

test('a link that was taken away with its rows is found', async () => {
  await tamper(`with gone as (delete from audit_seal where chain = ${ended} and number = 3 returning *)
    delete from audit a using gone where a.chain = gone.chain and a.n = gone.high`);
  expect(await faults()).toContainEqual('missing link: chain 2, links 3 to 3');
});

test('a link that was made up without the secret is found, even if it is well formed', async () => {
  await tamper(`update audit_seal set hash = sha256(hash) where chain = ${ended}
    and number = (select max(number) from audit_seal where chain = ${ended})`);
  expect(await faults()).toContainEqual(expect.stringMatching(/^broken link: chain 2/));
});

test('the cut end of a chain is found by the chain that began later', async () => {
  await cutEnd(ended);
  expect(await faults()).toContainEqual(
    expect.stringMatching(/^cut chain: chain 2: link \d+ is gone, as chain 3 found it/),
  );
});

test('the cut end of the last chain is found by a checkpoint', async () => {
  const checkpoints = await headsOf(db);
  await cutEnd(3);
  const versions = /^version without row/;
  expect((await faults()).filter((fault) => !versions.test(fault))).toEqual([]);
  expect(await faults(checkpoints)).toContainEqual(
    expect.stringMatching(/^cut chain: chain 3: link \d+ is gone, as a checkpoint noted it/),
  );
});

test('a chain that was cut and sealed anew under another secret is found', async () => {
  const other = secretsOf(Buffer.alloc(32, 'another secret'));
  await expect(verify(db, other, [])).rejects.toThrow(/under another secret/);
});

test('a whole chain that was taken away is found', async () => {
  await tamper(`with a as (delete from audit where chain = ${ended}), s as (delete from audit_seal where chain = ${ended})
    delete from audit_chain where chain = ${ended}`);
  expect(await faults()).toContainEqual('missing chain: chain 2');
});

test('a chain whose beginning was moved is found', async () => {
  await tamper(`update audit_chain set started = started - 1 where chain = ${ended}`);
  expect(await faults()).toContainEqual(expect.stringMatching(/^broken link: chain 2, link 1:/));
});

test('who acted can not be exchanged or taken away', async () => {
  await tamper('update audit_agent set sealed = set_byte(sealed, 20, (get_byte(sealed, 20) + 1) % 256)');
  expect(await faults()).toContainEqual(expect.stringMatching(/^changed agent/));
  for (const sql of undo.splice(0)) {
    await db.query(sql);
  }
  await tamper('update audit_agent set patient = 4711 where patient is null');
  expect(await faults()).toContainEqual(expect.stringMatching(/^changed agent/));
  for (const sql of undo.splice(0)) {
    await db.query(sql);
  }
  await tamper('delete from audit_agent');
  expect(await faults()).toContainEqual(expect.stringMatching(/^missing agent/));
});

test('a version that was stored past the audit is found', async () => {
  await tamper(`insert into resource select shard, type, version, rid + 1, updated, date, patient, deleted, id, present,
    content, anchor from resource where type = (select type from resource where patient is not null limit 1)
    and patient = rid`);
  const rid = BigInt(ridOfId(patient) ?? 0) + 1n;
  const id = rid.toString(16).padStart(16, '0');
  expect(await faults()).toEqual([`version without row: Patient/${id}/_history/4`]);
});

test('without the key of a patient nothing of the patient can be read, and every chain is whole', async () => {
  await tamper('delete from resource where patient is not null');
  await db.query('delete from history where patient is not null');
  await forgetPatient(db, ridOfId(patient) ?? '0');
  const { rowCount } = await db.query('select from patient_key');
  expect(rowCount).toBe(0);
  expect(await faults()).toEqual([]);
});

test('versions that were emptied, with the key of their patient, are no erasure', async () => {
  await tamper("update resource set content = '' where patient is not null");
  await db.query("update history set content = '' where patient is not null");
  await forgetPatient(db, ridOfId(patient) ?? '0');
  expect(await faults()).toContain(`version without row: Patient/${patient}/_history/4`);
});

/** Takes away the last link of a chain with its rows, as if they had never been. */
async function cutEnd(chain: number): Promise<void> {
  await tamper(`with cut as (select min(number) as number from audit_seal where chain = ${chain} and number > 1),
    gone as (delete from audit_seal s using cut where s.chain = ${chain} and s.number >= cut.number returning s.chain)
    delete from audit where chain = ${chain}`);
}
