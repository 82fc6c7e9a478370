import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { verify } from '../src/audit/verify.ts';
import { startPostgres } from '../src/runtime/postgres.ts';
import { SECRET_BYTES, secretsOf } from '../src/runtime/secrets.ts';
import { type MakeRequest, measure, request } from './load.ts';

/*
 * node bench/audit.ts [--patients 1000] [--seconds 2] [--rounds 3]
 *
 * What the audit costs: the same reads and searches answered with and without their rows, in turns (fsync on, as in
 * operation); what a row takes on disk; how fast `svar audit verify` goes through them.
 */
const { values: options } = parseArgs({
  options: {
    patients: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
  },
});
const patients = Number(options.patients);
const PORT = 18084;
const FHIR = '/fhir/R4';

const folder = await mkdtemp(path.join(os.tmpdir(), 'svar-bench-audit-'));
await mkdir(path.join(folder, 'data'));
const postgres = await startPostgres({ dataDir: path.join(folder, 'data'), log: () => undefined });
const pool = new pg.Pool({ connectionString: postgres.url, max: 2 });
let server: ChildProcess | undefined;

try {
  server = await start();
  await load();
  await pool.query('vacuum analyze');
  for (const [name, url] of scenarios()) {
    for (const connections of [1, 16]) {
      const [free, audited] = await inTurns(connections, url);
      process.stdout.write(
        `${name.padEnd(36)} ${String(connections).padStart(2)} connections  without ${free.toFixed(0).padStart(5)}/s` +
          `  audited ${audited.toFixed(0).padStart(5)}/s  ${((audited / free - 1) * 100).toFixed(0)} %\n`,
      );
    }
  }
  await sleep(500);
  await sizes();
  await verified();
} finally {
  server?.kill('SIGTERM');
  await pool.end();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

function scenarios(): readonly (readonly [name: string, url: (index: number) => string])[] {
  const patient = (index: number): number => (index * 7919) % patients;
  return [
    ['GET by id', (index) => `Patient/bench-${patient(index)}`],
    ['search of one patient', (index) => `Observation?subject=Patient/bench-${patient(index)}`],
    ['search that finds 20 patients', () => 'Patient?_count=20'],
  ];
}

/** Requests a second without and with the audit: the best of some rounds of each, one after the other. */
async function inTurns(connections: number, url: (index: number) => string): Promise<readonly [number, number]> {
  const best: [number, number] = [0, 0];
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [n, who] of ['unaudited', 'all'].entries()) {
      const make: MakeRequest = (index) => request('GET', `${FHIR}/${url(index)}`, undefined, `x-caller: ${who}`);
      const load = { host: '127.0.0.1', port: PORT, connections, seconds: Number(options.seconds) };
      const { perSecond, failures } = await measure(load, make);
      if (failures > 0) throw new Error(`${failures} requests failed`);
      best[n] = Math.max(best[n] ?? 0, perSecond);
    }
  }
  return best;
}

async function sizes(): Promise<void> {
  const { rows } = await pool.query<{ rows: number; bytes: number; links: number; link_bytes: number }>(
    `select (select count(*) from audit)::int as rows, pg_total_relation_size('audit')::float8 as bytes,
      (select count(*) from audit_seal)::int as links, pg_total_relation_size('audit_seal')::float8 as link_bytes`,
  );
  const { rows: count = 0, bytes = 0, links = 0, link_bytes = 0 } = rows[0] ?? {};
  process.stdout.write(
    `${count} rows of ${Math.round(bytes / count)} bytes, ${links} links of ${Math.round(link_bytes / links)} bytes, indexes included\n`,
  );
}

async function verified(): Promise<void> {
  const client = await pool.connect();
  const started = performance.now();
  const { counts, findingsCount } = await verify(client, secretsOf(Buffer.alloc(SECRET_BYTES, 'bench')), []);
  client.release();
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(
    `audit verify: ${Math.round(counts.rows / seconds)} rows/s, ${counts.versions} versions, ${findingsCount} faults\n`,
  );
}

async function load(): Promise<void> {
  for (let from = 0; from < patients; from += 100) {
    const entry = Array.from({ length: Math.min(100, patients - from) }, (_, n) => from + n).flatMap((n) => [
      put({ resourceType: 'Patient', id: `bench-${n}`, name: [{ family: `Bench${n}` }] }),
      put({
        ...{ resourceType: 'Observation', id: `bench-${n}`, status: 'final', code: { text: 'x' } },
        subject: { reference: `Patient/bench-${n}` },
      }),
    ]);
    const answer = await fetch(`http://127.0.0.1:${PORT}${FHIR}`, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
    });
    if (!answer.ok) throw new Error(`loading failed: ${answer.status}`);
  }
}

function put(resource: { readonly resourceType: string; readonly id: string; readonly [element: string]: unknown }) {
  return { resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } };
}

function start(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['bench/access-server.ts', postgres.url, String(PORT), '{}'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the server ended')));
    child.stdout.once('data', () => resolve(child));
  });
}
