import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { CourseEvent } from '../src/registry/synthetic/smertereg-courses.ts';
import { activeTemplates, copyActive, HOSPITAL } from './bulk/active.ts';
import { Copier, type Template } from './bulk/copier.ts';
import { historicTemplates } from './bulk/historic.ts';
import { LoadWorkers } from './bulk/load-workers.ts';
import { benchPostgres, openBench } from './bulk/opened.ts';
import { copyOrdered, orderedTemplates, PLAYED_FROM } from './bulk/ordered.ts';
import { courseEvents, Player } from './bulk/played.ts';
import { openBenchPool } from './bulk/pool.ts';
import { differences } from './bulk/same-rows.ts';
import { BenchServer } from './bulk/server-process.ts';
import { DEMO_ADMIN, measure, request } from './load.ts';

/*
 * node bench/national.ts [--courses 200000] [--folder /tmp/somewhere] [--seconds 3]
 *
 * The history of a national registry. Some courses are loaded as `svar load --historic` does, bots included; all others are
 * copies of these, of other patients and at other times, stored by the store's own writer, whose rows are compared with
 * those of the real load first. At 1,000, 5,000, 20,000 … courses a server is started on it, and what people do is
 * measured; at the end the curve is printed. With --folder a load that was broken off goes on, and the data stays there;
 * otherwise it is removed. What it means stands in docs/performance.md.
 */
const { values: options } = parseArgs({
  options: {
    courses: { type: 'string', default: '200000' },
    folder: { type: 'string', default: '' },
    seconds: { type: 'string', default: '3' },
    templates: { type: 'string', default: '150' },
    writers: { type: 'string', default: '2' },
  },
});
const courses = Number(options.courses);
const seconds = Number(options.seconds);
const steps = [1000, 5000, 20_000, 50_000, 100_000].filter((step) => step < courses).concat(courses);
const PORT = 18080;
const BASE = `http://127.0.0.1:${PORT}`;
const FHIR = '/fhir/R4';
const ACTIVE = 500;
const ORDERS = 2000;
const WHOLE = 6;
/** Numbers of copies that are no history. */
const ACTIVE_FROM = 1_000_000;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const folder = options.folder || (await mkdtemp(path.join(os.tmpdir(), 'svar-national-')));
await mkdir(folder, { recursive: true });
const postgres = await benchPostgres(folder);
const pool = openBenchPool(postgres.url);
const place = { databaseUrl: postgres.url, folder, clock: PLAYED_FROM };
const server = new BenchServer({
  PORT: String(PORT),
  DATABASE_URL: postgres.url,
  SVAR_DATA_DIR: folder,
  SVAR_TEST_CLOCK: PLAYED_FROM,
  SVAR_REQUESTS_PER_SECOND: '1000000',
});

/** What is made once, and kept for a run that goes on. */
interface Prepared {
  readonly historic: readonly Template[];
  readonly ordered: readonly Template[];
  readonly whole: readonly CourseEvent[];
}

/** What was measured at so many courses; times in ms. */
type Row = Readonly<Record<string, number>>;

try {
  const prepared = await prepare();
  const workers = await LoadWorkers.start(place, prepared.historic, Number(options.writers));
  const rows: Row[] = [];
  try {
    let from = 0;
    for (const [index, to] of steps.entries()) {
      const begun = performance.now();
      const versions = await workers.store(from, to);
      const took = (performance.now() - begun) / 1000;
      await pool.query('vacuum analyze');
      say(
        `${to} courses: ${versions} versions in ${took.toFixed(0)} s, ${(versions / took).toFixed(0)} a second, load ${os.loadavg()[0]?.toFixed(1)}`,
      );
      rows.push(await measured(prepared, to, index));
      say(JSON.stringify(rows.at(-1)));
      from = to;
    }
  } finally {
    await workers.stop();
  }
  for (const line of curve(rows)) say(line);
} finally {
  await server.end('SIGTERM');
  await pool.end();
  await postgres.stop();
  if (options.folder === '') await rm(folder, { recursive: true, force: true });
}

async function prepare(): Promise<Prepared> {
  const file = path.join(folder, 'prepared.json');
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined) return JSON.parse(known) as Prepared;
  const bench = await openBench(place.databaseUrl, folder, place.clock);
  try {
    const historic = await historicTemplates(bench, Number(options.templates));
    const each = (n: number): string => (n / historic.templates.length).toFixed(1);
    say(
      `${historic.templates.length} courses by the real path: ${historic.course_ms.toFixed(0)} ms each; ${each(historic.given)} resources given, ${each(historic.stored)} versions stored`,
    );
    const copier = new Copier(bench.fhir.engine);
    for (const template of historic.templates) {
      const found = await differences(bench.pool, copier, template);
      if (found.length > 0) throw new Error(`the bulk writer stores other rows:\n${found.join('\n')}`);
    }
    say('the bulk writer stores the same rows for each of them');
    const active = await activeTemplates(bench);
    await copyActive(bench, active, ACTIVE, ACTIVE_FROM);
    say(`${ACTIVE} active courses of ${HOSPITAL}`);
    const ordered = await orderedTemplates(bench);
    const whole = await courseEvents(bench.fhir, {
      count: WHOLE * steps.length,
      from: { year: 2026, month: 1, day: 6 },
      days: 1,
      seed: 41,
    });
    const prepared = { historic: historic.templates, ordered, whole };
    await writeFile(file, JSON.stringify(prepared));
    return prepared;
  } finally {
    await bench.stop();
  }
}

async function measured({ ordered, whole }: Prepared, at: number, index: number): Promise<Row> {
  const day = new Date(Date.UTC(2026, 2, 2 + index, 12));
  await pool.query('delete from outbox'); // what the step before has left for later days
  const bench = await openBench(place.databaseUrl, folder, place.clock);
  await copyOrdered(bench, ordered, ORDERS, day, () => undefined, ACTIVE_FROM * (2 + index));
  await bench.stop();
  const disk = await one<{ n: number }>('select pg_database_size(current_database())::float8 as n');
  const versions = await one<{ n: number }>(
    "select sum(reltuples)::float8 as n from pg_class where relname in ('resource', 'history')",
  );
  await server.start();
  try {
    const lu = await signedIn('lu');
    const whole_ms = await wholeCourses(whole, index);
    const ids = await some('QuestionnaireResponse');
    const numbers = await numbersOf();
    const worklist = `/Task?code=register-course&status=in-progress&owner=${HOSPITAL}&_include=Task:patient&_count=500`;
    const form = await activeForm();
    const list = await get_ms(worklist, lu);
    return {
      courses: at,
      versions: versions.n,
      gigabytes: disk.n / 1e9,
      save_ms: await save_ms(form),
      course_ms: whole_ms,
      read_ms: await p50((i) => request('GET', `${FHIR}/QuestionnaireResponse/${ids[i % ids.length]}`)),
      number_ms: await p50((i) => request('GET', `${FHIR}/Patient?identifier=${numbers[i % numbers.length]}`)),
      worklist_ms: list.p50,
      worklist_p95_ms: list.p95,
      order_ms: (await dueOrders(day)) / ORDERS,
    };
  } finally {
    await server.end('SIGTERM');
  }
}

async function p50(make: (index: number) => Buffer): Promise<number> {
  const answer = await measure({ host: '127.0.0.1', port: PORT, connections: 1, seconds }, make);
  if (answer.failures > 0) throw new Error(`${answer.failures} requests were refused`);
  return answer.p50_ms;
}

/** One request again and again, by fetch: the whole answer is read. */
async function get_ms(at: string, headers: Readonly<Record<string, string>>): Promise<{ p50: number; p95: number }> {
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end || times.length < 20) {
    const begun = performance.now();
    const answer = await fetch(`${BASE}${FHIR}${at}`, { headers });
    const text = await answer.text();
    times.push(performance.now() - begun);
    if (answer.status !== 200 || !text.includes('"resourceType":"Task"'))
      throw new Error(`${at}: ${answer.status} ${text.slice(0, 500)}`);
  }
  times.splice(0, 5); // until all is compiled
  times.sort((a, b) => a - b);
  return { p50: times[times.length >> 1] ?? 0, p95: times[Math.floor(times.length * 0.95)] ?? 0 };
}

/** A clinician saves a form that is under way: the version changes each time, by a moment. */
async function save_ms(form: { readonly id: string; readonly content: string }): Promise<number> {
  const body = JSON.parse(form.content) as { authored?: string };
  const begun = Date.parse(body.authored ?? '2026-01-07T10:00:00Z');
  return p50((i) =>
    request(
      'PUT',
      `${FHIR}/QuestionnaireResponse/${form.id}`,
      JSON.stringify({ ...body, authored: new Date(begun + (i + 1) * 1000).toISOString() }),
      'prefer: return=minimal',
    ),
  );
}

/** Everything that is told of a course, one after the other, the clock standing still. */
async function wholeCourses(events: readonly CourseEvent[], index: number): Promise<number> {
  const times: number[] = [];
  for (let course = 1 + index * WHOLE; course <= (index + 1) * WHOLE; course += 1) {
    const player = new Player(async (bundle) => {
      const answer = await fetch(BASE + FHIR, {
        method: 'POST',
        headers: { 'content-type': 'application/fhir+json', prefer: 'return=minimal', authorization: DEMO_ADMIN },
        body: bundle,
      });
      return { status: answer.status, body: await answer.text() };
    });
    const begun = performance.now();
    for (const event of events.filter((one) => one.course === course)) {
      await player.tell(event);
    }
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1] ?? 0;
}

/** Orders of so many courses fall due: until all are dispatched, ms. */
async function dueOrders(day: Date): Promise<number> {
  const due = new Date(day.getTime() + (3 * 60 + 30) * 60_000); // 16:30 in Oslo
  const begun = performance.now();
  await pool.query("update setting set value = $1 where name = 'test_clock'", [
    new Date(due.getTime() + 1000).toISOString(),
  ]);
  const left = (): Promise<{ n: number }> =>
    one(`select count(*)::int as n from outbox where bot = 'dispatch' and due <= ${due.getTime()}`);
  if ((await left()).n < ORDERS / 2) throw new Error('the orders were not due');
  while ((await left()).n > 0) {
    await sleep(50);
  }
  return performance.now() - begun;
}

async function signedIn(login: string): Promise<Readonly<Record<string, string>>> {
  const answer = await fetch(`${BASE}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: BASE, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ action: 'password', login, password: 'demo' }).toString(),
  });
  const cookie = answer.headers.getSetCookie().find((each) => each.startsWith('svar-session='));
  if (cookie === undefined) throw new Error(`${login} was not signed in: ${answer.status}`);
  return { cookie: cookie.split(';', 1)[0] ?? '', 'x-medplum': 'extended' };
}

async function some(type: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select coalesce(id, lpad(to_hex(rid), 16, '0')) as id from resource tablesample system (0.5)
     where content like '{"resourceType":"${type}"%' limit 2000`,
  );
  return rows.length > 0 ? rows.map(({ id }) => id) : some(type);
}

async function numbersOf(): Promise<readonly string[]> {
  const { rows } = await pool.query<{ number: string }>(
    `select substring(content from '"identifier":\\[\\{"system":"urn:oid:2.16.578.1.12.4.1.4.1","value":"([0-9]{11})"') as number
     from resource tablesample system (2) where content like '{"resourceType":"Patient"%' limit 2000`,
  );
  const known = rows.flatMap(({ number }) => number ?? []);
  return known.length > 0
    ? known.map((number) => encodeURIComponent(`urn:oid:2.16.578.1.12.4.1.4.1|${number}`))
    : numbersOf();
}

/** The form that was saved, and not locked, of an active course. */
async function activeForm(): Promise<{ readonly id: string; readonly content: string }> {
  return one(
    `select lpad(to_hex(rid), 16, '0') as id, content from resource
     where content like '{"resourceType":"QuestionnaireResponse"%' and content like '%"status":"in-progress"%'
       and content like '%smertereg-to%' order by rid desc limit 1`,
  );
}

async function one<R extends object>(text: string): Promise<R> {
  const { rows } = await pool.query<R>(text);
  if (rows[0] === undefined) throw new Error(`nothing found: ${text}`);
  return rows[0];
}

/** A line for each figure: at each step, and how many times that of the first. */
function curve(rows: readonly Row[]): readonly string[] {
  const [first] = rows;
  return Object.keys(first ?? {}).map((name) =>
    [
      name.padEnd(16),
      ...rows.map((row) => {
        const value = row[name] ?? 0;
        const times = name.endsWith('_ms') ? ` (${(value / (first?.[name] ?? 1)).toFixed(2)})` : '';
        return `${value.toFixed(value < 100 ? 2 : 0)}${times}`.padStart(18);
      }),
    ].join(''),
  );
}
