import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bundle, Communication, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { syntheticNationalNumber } from '../../src/registry/synthetic/national-number.ts';
import { type Course, referral, response, toItems } from '../kit/course.ts';
import { ask, told } from '../ledger/ask.ts';
import { killDatabase } from '../ledger/kill-database.ts';
import { freePort, ServerProcess } from '../ledger/server-process.ts';

/*
 * Some orders fall due in one minute; the server is killed while it dispatches them, then PostgreSQL. bench/dispatch.ts is
 * the same with 50,000.
 */
const COURSES = 60;
/** Pasreg at 16:30, HADS at 16:32: each a transaction. */
const ORDERS = 2 * COURSES;
const MORNING = '2026-03-02T09:00:00+01:00';
const DISPATCH = '2026-03-02T16:32:30+01:00';
const WAIT_MS_MAX = 60_000;

let dataDir: string;
let server: ServerProcess;
const base = (): string => `${server.url}/fhir/R4`;

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'svar-dispatch-kill-'));
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  server = new ServerProcess({ name: 'server', dataDir, port, baseUrl, testClock: MORNING });
  expect(await server.start(), await server.log()).toBe(true);
}, 120_000);

afterAll(async () => {
  await server.stop();
  await killDatabase(dataDir);
  await rm(dataDir, { recursive: true, force: true });
});

test('"50,000 orders falling due in one minute: dispatched once each, … killed and restarted in the middle without loss or repeat"', async () => {
  for (let serial = 0; serial < COURSES; serial += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, i) => consented(serial + i)));
  }
  const due = (await tasks()).filter(isDue);
  expect(due).toHaveLength(ORDERS);

  // answered only once all is dispatched, which it never is: the server dies under it
  const moved = moveClock();
  await until(async () => (await sent()) > 0);
  server.kill();
  await moved;
  expect(await server.start(), await server.log()).toBe(true);
  await killDatabase(dataDir);
  await until(async () => (await moveClock()) === 200);

  const notices = await all<Communication>('Communication?_count=500');
  const orders = notices.map(({ basedOn }) => basedOn?.[0]?.reference).sort();
  expect(orders).toEqual(due.map(({ id }) => `Task/${id}`).sort());
  const after = (await tasks()).filter(isDue);
  expect(after.map(({ businessStatus }) => businessStatus?.coding?.[0]?.code)).toEqual(Array(ORDERS).fill('sent'));
  const versions = new Map(due.map(({ id, meta }) => [id, Number(meta?.versionId)]));
  expect(after.filter(({ id, meta }) => Number(meta?.versionId) !== (versions.get(id) ?? 0) + 1)).toEqual([]);
}, 240_000);

function isDue({ restriction }: Task): boolean {
  const start = Date.parse(restriction?.period?.start ?? '');
  return start <= Date.parse(DISPATCH);
}

async function consented(serial: number): Promise<void> {
  const birth = { year: 1950, month: 1 + (serial % 12), day: 1 + (serial % 28) };
  const born = `1950-${String(birth.month).padStart(2, '0')}-${String(birth.day).padStart(2, '0')}`;
  const fnr = syntheticNationalNumber(birth, 'male', Math.floor(serial / 84));
  const referred = await ask(base(), 'POST', '', referral({ fnr, birthDate: born }));
  expect(referred?.status, referred && told(referred)).toBe(200);
  const ids = ((referred?.body as Bundle | undefined)?.entry ?? []).map(
    (entry) => /[A-Za-z]+\/([^/]+)\/_history/.exec(entry.response?.location ?? '')?.[1] ?? '',
  );
  const [episode = '', request = '', patient = ''] = ids;
  const course: Course = { episode, referral: request, patient };
  const items = toItems({
    ...{ Tilsett: '1', Norsktalende: '1', KognSvekket: '0' },
    ...{ SkriftligSamtyk: '1', DatoSamtykke: '2026-03-02' },
  });
  const answer = await ask(
    base(),
    'POST',
    'QuestionnaireResponse',
    response(course, 'smertereg-to', 'in-progress', items, MORNING),
  );
  expect(answer?.status, answer && told(answer)).toBe(201);
}

/** @returns the status; undefined where there was no answer */
async function moveClock(): Promise<number | undefined> {
  const answer = await ask(server.url, 'POST', 'test-clock', { now: DISPATCH }, { 'content-type': 'application/json' });
  return answer?.status;
}

async function sent(): Promise<number> {
  const answer = await ask(base(), 'GET', 'Communication?_summary=count');
  return (answer?.body as Bundle | undefined)?.total ?? 0;
}

async function tasks(): Promise<readonly Task[]> {
  return all<Task>('Task?code=complete-questionnaire&_count=500');
}

async function all<R extends Task | Communication>(first: string): Promise<readonly R[]> {
  const answer = await ask(base(), 'GET', first);
  const bundle = answer?.body as Bundle<R>;
  expect(bundle.link?.some(({ relation }) => relation === 'next')).toBe(false);
  return (bundle.entry ?? []).flatMap(({ resource }) => resource ?? []);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WAIT_MS_MAX;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it took more than ${WAIT_MS_MAX} ms`);
    await sleep(50);
  }
}
