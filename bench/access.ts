import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import type { Rule } from '../src/model/access.ts';
import { startPostgres } from '../src/runtime/postgres.ts';
import { cpuSeconds, withChildren } from './cpu.ts';
import * as data from './data.ts';
import { type MakeRequest, measure, request } from './load.ts';

/*
 * node bench/access.ts [--patients 1000] [--seconds 2] [--rounds 3] [--hold]
 *
 * What access costs on reads and searches: the same requests by a caller who may do everything and by one whose rules
 * are in every statement, in turns. All courses are in the national registry, so that `sc`, its coordinator, gets the very
 * same answers: what the checks themselves cost. Half of the patients are at hospital a, four of a thousand at hospital c,
 * the others at b; `lu-a` and `lu-c` are local coordinators there, `patient` is a patient of hospital a: they get other
 * answers to what is not about one patient, and may have to pass many rows of others, or few in all.
 */
const { values: options } = parseArgs({
  options: {
    patients: { type: 'string', default: '1000' },
    each: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    hold: { type: 'boolean', default: false },
  },
});
const patients = Number(options.patients);
const each = Number(options.each);
const PORT = 18083;
const NATIONAL = 'ResearchStudy/registry';
const FHIR = '/fhir/R4';

const folder = await mkdtemp(path.join(os.tmpdir(), 'svar-bench-access-'));
await mkdir(path.join(folder, 'data'));
const postgres = await startPostgres({ dataDir: path.join(folder, 'data'), log: () => undefined });
const pool = new pg.Pool({ connectionString: postgres.url, max: 4 });
const children: ChildProcess[] = [];

try {
  const loading = await start('{}');
  await load();
  await stop(loading);
  const callers = await layAccess();
  const server = await start(JSON.stringify(callers));
  const database = await postmaster();
  await pool.query('vacuum analyze');
  if (options.hold) {
    process.stdout.write(`${postgres.url}\n`);
    await new Promise((resolve) => process.once('SIGTERM', resolve));
  }
  for (const [name, make] of scenarios()) {
    for (const who of ['sc', 'lu-a', 'lu-c', 'patient']) {
      const [free, bound] = await inTurns(
        (index) => make(index, who, 'all'),
        (index) => make(index, who, who),
        [server.pid ?? 0],
        withChildren(database),
      );
      process.stdout.write(
        `${name.padEnd(44)} ${who.padEnd(8)} all ${told(free)}  limited ${told(bound)}  ` +
          `cost ${((free.perSecond / bound.perSecond - 1) * 100).toFixed(0)} %, CPU ${((bound.cpu_us / free.cpu_us - 1) * 100).toFixed(0)} %\n`,
      );
    }
  }
} finally {
  for (const child of children) {
    child.kill('SIGTERM');
  }
  await pool.end();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

interface Figures {
  readonly perSecond: number;
  readonly cpu_us: number;
  readonly failures: number;
}

function told({ perSecond, cpu_us, failures }: Figures): string {
  return `${perSecond.toFixed(0).padStart(5)}/s CPU ${cpu_us.toFixed(0).padStart(4)} µs${failures > 0 ? ` ${failures} FAILED` : ''}`;
}

/** The best of some rounds of each, one after the other: what else the machine does meets both. */
async function inTurns(
  one: MakeRequest,
  other: MakeRequest,
  server: readonly number[],
  database: readonly number[],
): Promise<readonly [Figures, Figures]> {
  const rounds: [Figures[], Figures[]] = [[], []];
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [n, make] of [one, other].entries()) {
      const before = cpuSeconds([...server, ...database]);
      const load = { host: '127.0.0.1', port: PORT, connections: 16, seconds: Number(options.seconds) };
      const { perSecond, requests, failures } = await measure(load, make);
      // the warm-up is in the CPU time and not among the requests
      const cpu_us = ((cpuSeconds([...server, ...database]) - before) / (requests * 1.2)) * 1e6;
      rounds[n]?.push({ perSecond, cpu_us, failures });
    }
  }
  const best = (of: readonly Figures[]): Figures => ({
    perSecond: Math.max(...of.map((each) => each.perSecond)),
    cpu_us: Math.min(...of.map((each) => each.cpu_us)),
    failures: of.reduce((sum, each) => sum + each.failures, 0),
  });
  return [best(rounds[0]), best(rounds[1])];
}

type Make = (index: number, about: string, who: string) => Buffer;

function scenarios(): readonly (readonly [name: string, make: Make])[] {
  const get =
    (url: (patient: number, index: number) => string): Make =>
    (index, about, who) =>
      request('GET', `${FHIR}/${url(patientOf(about, index), index)}`, undefined, `x-caller: ${who}`);
  const code = (index: number): string => {
    const coding = data.OBSERVATION_CODES[index % data.OBSERVATION_CODES.length];
    return encodeURIComponent(`${coding?.system}|${coding?.code}`);
  };
  return [
    ['GET by id', get((patient) => `Patient/bench-${patient}`)],
    [
      "one patient's responses sorted, 20 a page",
      get((patient) => `QuestionnaireResponse?subject=Patient/bench-${patient}&_sort=-authored&_count=20`),
    ],
    ['Patient by name', get((patient) => `Patient?name=${data.familyName(patient)}`)],
    ['Patient by identifier', get((patient) => `Patient?identifier=${data.identifierQuery(patient)}`)],
    [
      'Observation by code and subject',
      get((patient, index) => `Observation?code=${code(index)}&subject=Patient/bench-${patient}`),
    ],
    ['responses, newest first', get(() => 'QuestionnaireResponse?_sort=-authored&_count=20')],
    ['Observation by code, newest first', get((_, index) => `Observation?code=${code(index)}&_sort=-date&_count=20`)],
    [
      "a patient's data by _revinclude",
      get((patient) => `Patient?_id=bench-${patient}&_revinclude=QuestionnaireResponse:subject`),
    ],
  ];
}

function hospitalOf(patient: number): string {
  return patient % 250 === 1 ? 'c' : patient % 2 === 0 ? 'a' : 'b';
}

/** A patient whom a caller may see: the same for both of a turn. */
function patientOf(about: string, index: number): number {
  if (about === 'patient') return 0;
  if (about === 'lu-c') return ((index * 7919) % Math.max(1, Math.floor(patients / 250))) * 250 + 1;
  return ((index * 7919) % Math.ceil(patients / 2)) * 2;
}

/** Anchors and ties as the interactions make them, and rules as policies and scopes make them. */
async function layAccess(): Promise<Record<string, readonly Rule[]>> {
  await pool.query(`update resource r set anchor = e.rid from resource e
    where e.patient = r.patient and e.id like 'course-%' and r.id is distinct from 'bench-' || substr(e.id, 8)`);
  await pool.query(`update resource set anchor = rid where id like 'bench-%' and patient = rid`);
  const { rows } = await pool.query<{ rid: string; id: string }>(
    `select rid, id from resource where id like 'bench-%' or id like 'course-%'`,
  );
  const ties = rows
    .filter(({ id }) => /-\d+$/.test(id))
    .flatMap(({ rid, id }) => {
      const hospital = `Organization/${hospitalOf(Number(/\d+$/.exec(id)?.[0]))}`;
      return [
        hospital,
        NATIONAL,
        `${hospital} PlanDefinition/registry`,
        ...(id.startsWith('bench-') ? [`${hospital} *`] : []),
      ].map((label) => ({ rid, label }));
    });
  await pool.query(
    `insert into tie (shard, rid, label, given) select ((rid >> 10) & 4095)::int2, rid, label, false
     from unnest($1::int8[], $2::text[]) as t (rid, label)`,
    [ties.map(({ rid }) => rid), ties.map(({ label }) => label)],
  );
  const tied = (labels: readonly string[]): readonly Rule[] => [
    { types: ['Questionnaire', 'PlanDefinition', 'ValueSet', 'CodeSystem', 'Organization'], acts: ['read', 'search'] },
    {
      types: ['Patient', 'EpisodeOfCare', 'ServiceRequest', 'QuestionnaireResponse', 'Observation', 'Task'],
      acts: ['read', 'search', 'create', 'update'],
      ties: { labels, anchors: ['1', '2', '3'] },
    },
    {
      types: ['Communication', 'Consent'],
      acts: ['read', 'search'],
      ties: { labels: labels.slice(0, 1), anchors: [] },
    },
  ];
  const local = (hospital: string): readonly Rule[] =>
    tied([`Organization/${hospital} PlanDefinition/registry`, `Organization/${hospital} *`]);
  const own = rows.find(({ id }) => id === 'bench-0')?.rid ?? '0';
  return {
    sc: tied([NATIONAL]),
    'lu-a': local('a'),
    'lu-c': local('c'),
    patient: [
      { types: ['Questionnaire', 'ValueSet'], acts: ['read', 'search'] },
      {
        types: ['Patient', 'QuestionnaireResponse', 'Observation', 'Task', 'Consent'],
        acts: ['read', 'search'],
        patient: own,
      },
    ],
  };
}

async function load(): Promise<void> {
  await post(data.bundle([data.questionnaire()], 'transaction'));
  const numbers = Array.from({ length: patients }, (_, index) => index);
  await inHundreds(numbers.map((index) => data.patient(index)));
  await inHundreds(
    numbers.map((index) => ({
      resourceType: 'EpisodeOfCare',
      id: `course-${index}`,
      status: 'active',
      patient: { reference: `Patient/bench-${index}` },
    })),
  );
  for (const make of [data.response, data.observation]) {
    await inHundreds(numbers.flatMap((index) => Array.from({ length: each }, (_, k) => make(index, index * each + k))));
  }
}

async function inHundreds(resources: readonly object[]): Promise<void> {
  const bundles: object[] = [];
  for (let from = 0; from < resources.length; from += 100) {
    bundles.push(data.bundle(resources.slice(from, from + 100), 'batch'));
  }
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let bundle = bundles.shift(); bundle !== undefined; bundle = bundles.shift()) {
        await post(bundle);
      }
    }),
  );
}

async function post(body: object): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${PORT}${FHIR}`, {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json', prefer: 'return=minimal' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok || /"status":"[45]/.test(text)) {
    throw new Error(`loading failed: ${answer.status} ${text.slice(0, 600)}`);
  }
}

async function postmaster(): Promise<number> {
  const result = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const { readFileSync } = await import('node:fs');
  const stat = readFileSync(`/proc/${result.rows[0]?.pid}/stat`, 'latin1').replace(/^.*\) /s, '');
  return Number(stat.split(' ')[1]);
}

async function start(callers: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['bench/access-server.ts', postgres.url, String(PORT), callers], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
