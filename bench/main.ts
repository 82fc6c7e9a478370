import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import packageJson from '../package.json' with { type: 'json' };
import { startPostgres } from '../src/runtime/postgres.ts';
import { cpuSeconds, residentMb, withChildren } from './cpu.ts';
import * as data from './data.ts';
import { type EngineRow, engineLine, formEngine } from './forms.ts';
import { DEMO_ADMIN, type Load, type MakeRequest, measure } from './load.ts';
import { type Scenario, scenarios, searchMix } from './scenarios.ts';

/*
 * npm run bench -- [--patients 1000] [--seconds 5] [--only text] [--out file] [--mix] [--hold]
 * npm run bench -- --only access | audit | dispatch | national | web
 *
 * Measures one server process and its PostgreSQL with the client beside them, 16 connections, and prints each figure
 * beside that of bare node:http and pg for the same bytes; then what access and the audit cost (bench/access.ts and
 * bench/audit.ts), 50,000 orders that fall due at once (bench/dispatch.ts), and a national load, a small part of it
 * (bench/national.ts; all of it with --only national). What the figures mean stands in docs/performance.md.
 */
const { values: options } = parseArgs({
  options: {
    patients: { type: 'string', default: '1000' },
    each: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    out: { type: 'string', default: '' },
    /** Loads the data and waits: for a profiler, or for explain. */
    hold: { type: 'boolean', default: false },
    /** Measures the latency of searches of all kinds instead, one at a time. */
    mix: { type: 'boolean', default: false },
  },
});
if (['access', 'audit', 'dispatch', 'national', 'web'].includes(options.only)) {
  await execute(`bench/${options.only}.ts`, []);
  process.exit(0);
}
const loadBefore = os.loadavg();
const patients = Number(options.patients);
const each = Number(options.each);
const FHIR_PORT = 18080;
const RAW_PORT = 18081;

const folder = await mkdtemp(path.join(os.tmpdir(), 'svar-bench-'));
await mkdir(path.join(folder, 'data'));
const postgres = await startPostgres({ dataDir: path.join(folder, 'data'), log: () => undefined });
const pool = new pg.Pool({ connectionString: postgres.url, max: 4 });
const children: ChildProcess[] = [];

try {
  // as `npm start` starts it
  const [, flags = ''] = /exec node (.*)src\/main\.ts/.exec(packageJson.scripts.start) ?? [];
  const server = await start([...flags.split(' ').filter(Boolean), 'src/main.ts', 'serve'], {
    MALLOC_ARENA_MAX: /MALLOC_ARENA_MAX=(\d+)/.exec(packageJson.scripts.start)?.[1] ?? '',
    PORT: String(FHIR_PORT),
    DATABASE_URL: postgres.url,
    SVAR_DATA_DIR: folder,
    SVAR_LOG_LEVEL: 'warn',
  });
  const raw = await start(['bench/raw-server.ts', postgres.url, String(RAW_PORT)], {});
  const database = await postmaster();
  const loaded = await load();
  if (options.hold) {
    process.stdout.write(`server ${server} on port ${FHIR_PORT}, database ${postgres.url}\n`);
    await new Promise((resolve) => process.once('SIGTERM', resolve));
    throw new Error('held until it was told to end');
  }
  const restMb = residentMb(server);
  const rows: Row[] = [];
  const mix: { name: string; p50_ms: number; p99_ms: number; failures: number }[] = [];
  for (const { name, ours } of options.mix ? searchMix(patients) : []) {
    const { p50_ms, p99_ms, failures } = await measure(
      { host: '127.0.0.1', port: FHIR_PORT, connections: 1, seconds: Number(options.seconds) / 2 },
      ours,
    );
    mix.push({ name, p50_ms, p99_ms, failures });
    process.stdout.write(
      `${name.padEnd(48)} p50 ${p50_ms.toFixed(2)} ms  p99 ${p99_ms.toFixed(2)} ms${failures > 0 ? `  ${failures} FAILED` : ''}\n`,
    );
  }
  for (const scenario of options.mix
    ? []
    : scenarios(patients, each).filter((one) => one.name.includes(options.only))) {
    const row = await run(scenario, server, database, raw);
    rows.push(row);
    process.stdout.write(`${line(row)}\n`);
  }
  const engine: readonly EngineRow[] = options.mix || options.only !== '' ? [] : formEngine(Number(options.seconds));
  for (const row of engine) {
    process.stdout.write(`${engineLine(row)}\n`);
  }
  const result = {
    date: new Date().toISOString(),
    machine: {
      cpu: os.cpus()[0]?.model,
      cores: os.cpus().length,
      memoryGb: Math.round(os.totalmem() / 2 ** 30),
      loadBefore,
    },
    node: process.version,
    postgres: (await pool.query<{ version: string }>('select version()')).rows[0]?.version,
    patients,
    responses: patients * each,
    loaded,
    memoryMb: { afterLoading: restMb, afterAll: residentMb(server) },
    rows,
    engine,
    mix,
    mixP50_ms: mix.map((one) => one.p50_ms).sort((a, b) => a - b)[Math.floor(mix.length / 2)],
  };
  process.stdout.write(`${JSON.stringify({ ...result, rows: undefined, mix: undefined }, null, 2)}\n`);
  if (options.out !== '') {
    await writeFile(options.out, `${JSON.stringify(result, null, 2)}\n`);
  }
} finally {
  for (const child of children) {
    child.kill('SIGTERM');
  }
  await pool.end();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

// each with a server and a database of its own
if (!options.mix && options.only === '') {
  for (const part of ['access', 'audit']) {
    await execute(`bench/${part}.ts`, ['--patients', options.patients, '--seconds', '1']);
  }
  await execute('bench/dispatch.ts', []);
  await execute('bench/national.ts', ['--courses', '5000']);
}

function execute(script: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${script} ended with ${code}`))));
  });
}

interface Row {
  readonly name: string;
  readonly perSecond: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly failures: number;
  /** µs of CPU for each request (or resource): server, and database. */
  readonly serverCpu_us: number;
  readonly databaseCpu_us: number;
  readonly rawPerSecond: number;
  readonly rawServerCpu_us: number;
  readonly rawDatabaseCpu_us: number;
  readonly ofRaw: number;
  /** Resident memory of the server when the scenario had ended. */
  readonly serverMb: number;
  readonly timesMedplum?: number;
  readonly asked?: number;
}

async function run(scenario: Scenario, server: number, database: number, raw: number): Promise<Row> {
  const ours = await withCpu(FHIR_PORT, scenario.ours, server, database);
  const limit = await withCpu(RAW_PORT, scenario.raw, raw, database);
  const perSecond = ours.perSecond * scenario.per;
  const rawPerSecond = limit.perSecond * scenario.per;
  return {
    name: scenario.name,
    perSecond,
    p50_ms: ours.p50_ms,
    p99_ms: ours.p99_ms,
    failures: ours.failures,
    serverCpu_us: ours.serverCpu_us / scenario.per,
    databaseCpu_us: ours.databaseCpu_us / scenario.per,
    rawPerSecond,
    rawServerCpu_us: limit.serverCpu_us / scenario.per,
    rawDatabaseCpu_us: limit.databaseCpu_us / scenario.per,
    ofRaw: perSecond / rawPerSecond,
    serverMb: residentMb(server),
    ...(scenario.medplum ? { timesMedplum: perSecond / scenario.medplum, asked: scenario.times } : {}),
  };
}

async function withCpu(port: number, make: MakeRequest, server: number, database: number) {
  const target: Load = { host: '127.0.0.1', port, connections: 16, seconds: Number(options.seconds) };
  const before = [cpuSeconds([server]), cpuSeconds(withChildren(database))] as const;
  const measured = await measure(target, make);
  const after = [cpuSeconds([server]), cpuSeconds(withChildren(database))] as const;
  // the warm-up is in the CPU time and not among the requests
  const requests = measured.requests * 1.2;
  return {
    ...measured,
    serverCpu_us: ((after[0] - before[0]) / requests) * 1e6,
    databaseCpu_us: ((after[1] - before[1]) / requests) * 1e6,
  };
}

function line(row: Row): string {
  const medplum =
    row.timesMedplum === undefined ? '' : `  ${row.timesMedplum.toFixed(1)} × Medplum (asked ${row.asked})`;
  return (
    `${row.name.padEnd(44)} ${row.perSecond.toFixed(0).padStart(6)}/s  p50 ${row.p50_ms.toFixed(1)} ms  p99 ${row.p99_ms.toFixed(1)} ms` +
    `  CPU ${row.serverCpu_us.toFixed(0)} + ${row.databaseCpu_us.toFixed(0)} µs  raw ${row.rawPerSecond.toFixed(0)}/s, CPU ${row.rawServerCpu_us.toFixed(0)} + ${row.rawDatabaseCpu_us.toFixed(0)} µs: ${(row.ofRaw * 100).toFixed(0)} %` +
    `${medplum}${row.failures > 0 ? `  ${row.failures} FAILED` : ''}`
  );
}

/** The data: patients, responses and observations, by bundles of a hundred, four at a time. */
async function load() {
  await post('', data.bundle([data.questionnaire()], 'transaction'));
  const people = Array.from({ length: patients }, (_, index) => data.patient(index));
  await inHundreds(people, 'batch');
  const before = await size();
  const started = performance.now();
  const responses = people.flatMap((_, index) =>
    Array.from({ length: each }, (_unused, k) => data.response(index, index * each + k)),
  );
  await inHundreds(responses, 'batch');
  const seconds = (performance.now() - started) / 1000;
  await pool.query('vacuum analyze');
  const bytes = ((await size()) - before) / responses.length;
  const sent = Buffer.byteLength(JSON.stringify(responses[0]));
  await inHundreds(
    people.flatMap((_, index) =>
      Array.from({ length: each }, (_unused, k) => data.observation(index, index * each + k)),
    ),
    'batch',
  );
  await copyForRaw();
  await pool.query('vacuum analyze');
  return { responsesPerSecond: responses.length / seconds, bytesSent: sent, bytesOnDisk: bytes };
}

/** The same content for the raw server: patients by id, responses twenty a page, observations five. */
async function copyForRaw(): Promise<void> {
  const place = (column: string, share: number, type: string): string =>
    `insert into bench_raw (id, ${column}, content)
     select r.rid::text, (row_number() over (order by r.rid))::int / ${share}, r.content from resource r
     where r.content like '{"resourceType":"${type}"%' on conflict do nothing`;
  await pool.query(
    `insert into bench_raw (id, content) select replace(id, 'bench', 'patient'), content from resource where id like 'bench-%'`,
  );
  await pool.query(place('page', 20, 'QuestionnaireResponse'));
  await pool.query(place('few', 5, 'Observation'));
}

async function size(): Promise<number> {
  const result = await pool.query<{ size: string }>('select pg_database_size(current_database()) as size');
  return Number(result.rows[0]?.size);
}

async function inHundreds(resources: readonly object[], type: 'transaction' | 'batch'): Promise<void> {
  const bundles: object[] = [];
  for (let from = 0; from < resources.length; from += 100) {
    bundles.push(data.bundle(resources.slice(from, from + 100), type));
  }
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let bundle = bundles.shift(); bundle !== undefined; bundle = bundles.shift()) {
        await post('', bundle);
      }
    }),
  );
}

async function post(at: string, body: object): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${FHIR_PORT}/fhir/R4${at}`, {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json', prefer: 'return=minimal', authorization: DEMO_ADMIN },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok || /"status":"[45]/.test(text)) {
    throw new Error(`loading failed: ${answer.status} ${text.slice(0, 600)}`);
  }
}

async function postmaster(): Promise<number> {
  const result = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const backend = result.rows[0]?.pid ?? 0;
  const { readFileSync } = await import('node:fs');
  return Number(
    readFileSync(`/proc/${backend}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')[1],
  );
}

async function start(args: readonly string[], environment: Record<string, string>): Promise<number> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}`)));
  });
  return child.pid ?? 0;
}
