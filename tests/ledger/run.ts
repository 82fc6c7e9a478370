import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { between, oneOf, seededRandom } from '../../src/registry/synthetic/random.ts';
import { ask } from './ask.ts';
import { check } from './checks/check.ts';
import { Client, type Hot, list, observation, patient } from './client.ts';
import { type CourseRun, runCourse } from './course-run.ts';
import { killBackend, killDatabase } from './kill-database.ts';
import { Ledger } from './ledger.ts';
import { freePort, ServerProcess } from './server-process.ts';

export interface LedgerOptions {
  readonly seed: number;
  /** How long clients write and processes die. */
  readonly seconds: number;
  readonly clients: number;
  readonly courses: number;
  readonly say?: (line: string) => void;
}

export interface LedgerResult {
  /** What is wrong; empty if nothing is. */
  readonly faults: readonly string[];
  /** How many requests were acknowledged. */
  readonly acknowledged: number;
  readonly summary: string;
}

const START = '2026-03-02T09:00:00+01:00';
/** The clock ends here: after the last deadline of every order that was left unanswered. */
const END = '2026-03-20T12:00:00+01:00';
/** What the clock moves forward by while processes die, so that notices fall due meanwhile. */
const STEP_MS = 30 * 60_000;
const SETTLE_MS_MAX = 90_000;

/**
 * Two server processes on one database, clients that write to both, and SIGKILL to servers and database at random; then
 * everything is started again, and what the ledger says is compared with what is there.
 */
export async function runLedger(options: LedgerOptions): Promise<LedgerResult> {
  const { seed, seconds, say = () => undefined } = options;
  const random = seededRandom(seed);
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'svar-ledger-'));
  const ports = [await freePort(), await freePort()];
  const baseUrl = `http://127.0.0.1:${ports[0]}`;
  const servers = ports.map(
    (port, i) => new ServerProcess({ name: `server-${i + 1}`, dataDir, port, baseUrl, testClock: START }),
  );
  const ledger = new Ledger();
  const base = (): string => `${oneOf(random, servers).url}/fhir/R4`;
  let clean = false;
  try {
    for (const server of servers) {
      if (!(await server.start())) {
        throw new Error(`${server.name} does not start:\n${await server.log()}`);
      }
    }
    const hot = await prepare(`${baseUrl}/fhir/R4`);
    const end = Date.now() + seconds * 1000;
    const goesOn = (): boolean => Date.now() < end;
    const courses: CourseRun[] = [];
    const clock = { now: Date.parse(START) };
    say(`${servers.length} servers are ready; clients write for ${seconds} s`);

    await Promise.all([
      ...Array.from({ length: options.clients }, async () => {
        const client = new Client({ ledger, hot, random, base });
        while (goesOn()) {
          if (!(await client.act())) {
            await sleep(50); // a server that is down is not asked all the time
          }
        }
      }),
      ...[0, 1].map(async (lane) => {
        for (let serial = lane; serial < options.courses && goesOn(); serial += 2) {
          const run = await runCourse({ ledger, random, base, goesOn }, serial);
          if (run !== undefined) {
            courses.push(run);
          }
        }
      }),
      (async () => {
        while (goesOn()) {
          await sleep(between(random, 200, 600));
          const next = Math.min(clock.now + STEP_MS, Date.parse('2026-03-03T09:00:00+01:00'));
          clock.now = (await moveClock(base(), next)) ? next : clock.now;
        }
      })(),
      disturb({ servers, dataDir, random, goesOn, ledger, say }),
    ]);

    say('clients have stopped; all servers are seen to, the outbox drains');
    for (const server of servers) {
      await revive(server, ledger);
    }
    await settle(base, Date.parse(END));
    say(ledger.toString());
    ledger.faults.push(...(await check({ dataDir, baseUrl, ledger, courses })));
    clean = ledger.faults.length === 0;
    return {
      faults: ledger.faults,
      acknowledged: ledger.acknowledged.length,
      summary: `${ledger}\n${courses.length} courses`,
    };
  } finally {
    for (const server of servers) {
      await server.stop();
    }
    await killDatabase(dataDir);
    if (clean) {
      await rm(dataDir, { recursive: true, force: true });
    } else {
      say(`what is left is in ${dataDir}`);
    }
  }
}

async function prepare(base: string): Promise<Hot> {
  const put = async (type: string, id: string, resource: object): Promise<string> => {
    const answer = await ask(base, 'PUT', `${type}/${id}`, { ...resource, id });
    if (answer?.status !== 201) {
      throw new Error(`${type}/${id} cannot be prepared: ${JSON.stringify(answer?.body)}`);
    }
    return id;
  };
  const numbers = [1, 2, 3, 4];
  return {
    patients: await Promise.all(numbers.map((n) => put('Patient', `hot-${n}`, patient(`first-p${n}`, 'Testpasient')))),
    observations: await sequence(numbers, (n) =>
      put('Observation', `hot-${n}`, observation(`first-o${n}`, 'hot-1', n)),
    ),
    lists: await sequence([1, 2], (n) => put('Basic', `list-${n}`, list(`list-${n}`))),
  };
}

async function sequence<T>(numbers: readonly number[], work: (n: number) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (const n of numbers) {
    done.push(await work(n));
  }
  return done;
}

interface Disturbance {
  readonly servers: readonly ServerProcess[];
  readonly dataDir: string;
  readonly random: () => number;
  readonly goesOn: () => boolean;
  readonly ledger: Ledger;
  readonly say: (line: string) => void;
}

/** Kills servers, the database, one of its backends, or everything, again and again. */
async function disturb({ servers, dataDir, random, goesOn, ledger, say }: Disturbance): Promise<void> {
  while (goesOn()) {
    await sleep(between(random, 300, 3000));
    const kind = oneOf(random, ['server', 'server', 'database', 'backend', 'all']);
    say(`SIGKILL: ${kind}`);
    ledger.count(`SIGKILL ${kind}`, 'acknowledged');
    if (kind === 'backend') {
      await killBackend(dataDir, random);
    }
    if (kind === 'database' || kind === 'all') {
      await killDatabase(dataDir);
    }
    for (const server of kind === 'all' ? servers : kind === 'server' ? [oneOf(random, servers)] : []) {
      server.kill();
    }
    await sleep(between(random, 0, 800));
    await Promise.all(servers.map((server) => revive(server, ledger)));
  }
}

/** Starts a server again that does not run; that it ended by itself is a fault. */
async function revive(server: ServerProcess, ledger: Ledger): Promise<void> {
  if (server.endedByItself) {
    ledger.faults.push(`${server.name} ended by itself; its log:\n${await server.log()}`);
  }
  // a start can meet a database that was killed a moment before; a supervisor starts it again
  for (let attempt = 1; !server.runs && !(await server.start()); attempt += 1) {
    if (attempt === 5) {
      throw new Error(`${server.name} does not start again; its log:\n${await server.log()}`);
    }
    await sleep(500);
  }
}

async function moveClock(base: string, to: number): Promise<boolean> {
  const answer = await ask(
    base.replace('/fhir/R4', ''),
    'POST',
    'test-clock',
    { now: new Date(to).toISOString() },
    {
      'content-type': 'application/json',
    },
  );
  return answer?.status === 200;
}

/** Moves the clock to its end; answered only when everything that falls due until then has been done. */
async function settle(base: () => string, end: number): Promise<void> {
  const deadline = Date.now() + SETTLE_MS_MAX;
  while (!(await moveClock(base(), end))) {
    if (Date.now() > deadline) {
      throw new Error('the clock cannot be moved to its end: something that is due is never done');
    }
    await sleep(500);
  }
}
