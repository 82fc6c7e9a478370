import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Verdict, verify } from '../../src/audit/verify.ts';
import { secretsOf } from '../../src/runtime/secrets.ts';
import { ask, auditOf, staff, told } from '../kit/audited.ts';
import { type TestServer, testSecret, testSecrets, testServer } from '../kit/fhir-server.ts';

let server: TestServer;
let patient: string;
const caller = staff('nurse');
const SECRET = testSecret.toString('hex');

beforeAll(async () => {
  server = await testServer({ packages: false, background: false });
  patient = (await ask<{ id: string }>(server, caller, 'POST', 'Patient', { resourceType: 'Patient' })).json.id;
}, 60_000);
afterAll(() => server.close());

const sql = (text: string) => server.database.pool.query(text);
const observation = () => ({
  ...{ resourceType: 'Observation', status: 'final', code: { text: 'secret words' } },
  subject: { reference: `Patient/${patient}` },
});

async function verdict(): Promise<Verdict> {
  const client = new pg.Client({ connectionString: server.database.url });
  await client.connect();
  try {
    return await verify(client, testSecrets, []);
  } finally {
    await client.end();
  }
}

test('what can not be audited is not answered, and nothing of it leaks', async () => {
  const { json } = await ask<{ id: string }>(server, caller, 'POST', 'Observation', observation());
  await sql('alter table audit rename to audit_away');
  try {
    for (const url of [
      `Observation/${json.id}`,
      `Observation?subject=Patient/${patient}`,
      `Patient/${patient}/$everything`,
    ]) {
      const answer = await ask<{ resourceType: string }>(server, caller, 'GET', url);
      expect([answer.status, answer.json.resourceType, answer.headers.etag]).toEqual([
        503,
        'OperationOutcome',
        undefined,
      ]);
      expect(answer.body).not.toContain('secret words');
    }
    // what is about no patient needs no audit
    expect((await ask(server, caller, 'GET', 'Organization')).status).toBe(200);
  } finally {
    await sql('alter table audit_away rename to audit');
  }
  expect((await ask(server, caller, 'GET', `Observation/${json.id}`)).status).toBe(200);
});

test('what can not be audited is not written', async () => {
  const count = async () => (await sql('select from resource where patient is not null')).rowCount;
  const before = await count();
  await sql('alter table audit rename to audit_away');
  try {
    const answer = await ask(server, caller, 'POST', 'Observation', observation());
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(await count()).toBe(before);
  } finally {
    await sql('alter table audit_away rename to audit');
  }
});

test('a lost connection costs a chain, no row: what it had not sealed is sealed, and marked', async () => {
  await ask(server, caller, 'GET', `Patient/${patient}`);
  const { json } = await ask<{ id: string }>(server, caller, 'POST', 'Observation', observation());
  const { head } = server.fhir.audit.chain;
  await sql(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'svar audit' and datname = current_database()",
  );
  await sleep(50);
  expect((await ask(server, caller, 'GET', `Observation/${json.id}`)).status).toBe(200);
  expect(server.fhir.audit.chain.head?.chain).toBe((head?.chain ?? 0) + 1);
  const { rows } = await sql(`select kind from audit_seal where chain = ${head?.chain} order by number desc limit 1`);
  expect(rows).toEqual([{ kind: 2 }]);
  await sleep(250);
  expect(await verdict()).toMatchObject({ findings: [], counts: { left: 0 } });
});

test('several processes write chains of their own beside each other', async () => {
  const others = await Promise.all(
    [1, 2, 3].map(() => testServer({ packages: false, background: false, database: server.database })),
  );
  const before = (await auditOf(server, patient)).length;
  await Promise.all(
    [server, ...others].flatMap((one) =>
      Array.from({ length: 25 }, async (_, n) => {
        const done = await (n % 5 === 0
          ? ask(one, caller, 'POST', 'Observation', observation())
          : ask(one, caller, 'GET', `Patient/${patient}`));
        expect(done.status).toBeLessThan(300);
      }),
    ),
  );
  expect((await auditOf(server, patient)).length - before).toBe(100);
  await Promise.all(others.map((one) => one.close()));
  await sleep(250);
  const { findings, counts } = await verdict();
  expect(findings).toEqual([]);
  expect(counts).toMatchObject({ left: 0, pending: 0 });
});

test.each([300, 700])(
  'a process that is killed after %i ms has left a row for everything that it answered',
  async (ms) => {
    const before = await tally();
    const child = spawn(process.execPath, [
      path.join(import.meta.dirname, 'process.ts'),
      server.database.url,
      patient,
      SECRET,
    ]);
    let output = '';
    const ended = new Promise((resolve) => child.once('close', resolve));
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (data: Buffer) => {
        output += data.toString();
        resolve();
      });
      child.once('close', () => reject(new Error('the process ended before it answered')));
    });
    await sleep(ms);
    child.kill('SIGKILL');
    await ended;
    const answered = (line: string): number => output.split('\n').filter((one) => one === line).length;
    expect([answered('read 200'), answered('create 201')].every((count) => count > 5)).toBe(true);
    const after = await tally();
    expect(after.read - before.read).toBeGreaterThanOrEqual(answered('read 200'));
    expect(after.create - before.create).toBeGreaterThanOrEqual(answered('create 201'));
    expect((await verdict()).findings).toEqual([]);
    // the next process that starts seals what was left
    const next = await testServer({ packages: false, background: false, database: server.database });
    await ask(next, caller, 'GET', `Patient/${patient}`);
    await next.close();
    await sleep(200);
    expect(await verdict()).toMatchObject({ findings: [], counts: { left: 0 } });
  },
  30_000,
);

async function tally(): Promise<{ read: number; create: number }> {
  const { rows } = await sql(
    'select count(*) filter (where interaction = 1)::int as read, count(*) filter (where interaction = 8)::int as create from audit',
  );
  return rows[0];
}

test('a server with another secret does not start on the database', async () => {
  const other = testServer({
    packages: false,
    background: false,
    database: server.database,
    secrets: secretsOf(Buffer.alloc(32, 'another')),
  });
  await expect(other).rejects.toThrow('The database was audited under another secret.');
});

test('a row tells what was done though its process was killed', async () => {
  const lines = (await auditOf(server, patient)).map(told);
  expect(lines).toContain('Device/child | read | 200 | Patient/1');
  expect(lines).toContain('Device/child | create | 201 | Observation/1');
});
