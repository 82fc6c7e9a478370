import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { typeNumber } from '../src/model/resource-types.ts';
import { killDatabase } from '../tests/ledger/kill-database.ts';
import { benchPostgres, openBench } from './bulk/opened.ts';
import { copyOrdered, orderedTemplates, PLAYED_FROM } from './bulk/ordered.ts';
import { openBenchPool } from './bulk/pool.ts';
import { BenchServer } from './bulk/server-process.ts';
import { cpuSeconds, withChildren } from './cpu.ts';

/*
 * node bench/dispatch.ts [--orders 50000] (part of npm run bench -- --only dispatch)
 *
 * So many courses, each with an order that falls due at 16:30, and one that falls due two minutes later. A server process
 * and PostgreSQL on this machine; time is moved to 16:30, and measured until every notice is committed. Then it is moved
 * to 16:32, and the server is killed when a third is done, PostgreSQL when two thirds are; at the end every order has been
 * dispatched once. Delivery goes on beside it, and is not waited for. What it means stands in docs/performance.md.
 */
const { values: options } = parseArgs({ options: { orders: { type: 'string', default: '50000' } } });
const orders = Number(options.orders);
const DAY = new Date('2026-03-02T12:00:00Z');
const FIRST = Date.parse('2026-03-02T15:30:00Z');
const SECOND = Date.parse('2026-03-02T15:32:00Z');

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const folder = await mkdtemp(path.join(os.tmpdir(), 'svar-dispatch-'));
const postgres = await benchPostgres(folder);
const pool = openBenchPool(postgres.url);
const server = new BenchServer({
  PORT: '18080',
  DATABASE_URL: postgres.url,
  SVAR_DATA_DIR: folder,
  SVAR_TEST_CLOCK: PLAYED_FROM,
});

try {
  const bench = await openBench(postgres.url, folder, PLAYED_FROM);
  try {
    const templates = await orderedTemplates(bench);
    await bench.fhir.advance(DAY);
    await copyOrdered(bench, templates, orders, DAY, say);
  } finally {
    await bench.stop();
  }
  await server.start();
  say(
    `load before: ${os
      .loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  );

  const whole = await dispatched(FIRST, async () => undefined);
  say(`${orders} orders due at once: ${told(whole)}`);
  await requireOnce('pasreg', FIRST);

  const doom = [
    async () => {
      await server.end('SIGKILL');
      say('  the server was killed');
      await server.start();
    },
    async () => {
      await killDatabase(path.join(folder, 'data'));
      say('  PostgreSQL was killed');
    },
  ];
  say(`the raw limit, the same texts by bare SQL, 100 in a transaction: ${(await rawLimit()).toFixed(0)} a second`);

  const broken = await dispatched(SECOND, async (left) => {
    if (left < (orders * doom.length) / 3) await doom.shift()?.();
  });
  say(`the same, the server killed after a third and PostgreSQL after two: ${told(broken)}`);
  await requireOnce('hads', SECOND);
} finally {
  await server.end('SIGTERM');
  await pool.end();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

interface Dispatch {
  readonly seconds: number;
  readonly serverCpu_us: number;
  readonly databaseCpu_us: number;
}

/** Moves time, and waits until nothing of what is due by then waits for its dispatch. @param look told what is left */
async function dispatched(at: number, look: (left: number) => Promise<void>): Promise<Dispatch> {
  const database = await postmaster();
  const before = [cpuSeconds([server.pid]), cpuSeconds(withChildren(database))] as const;
  const begun = performance.now();
  await asked(`update setting set value = '${new Date(at + 1000).toISOString()}' where name = 'test_clock'`);
  for (;;) {
    const [row] = await asked<{ n: number }>(
      `select count(*)::int as n from outbox where bot = 'dispatch' and due <= ${at}`,
    );
    if (row?.n === 0) break;
    await look(row?.n ?? 0);
    await sleep(200);
  }
  return {
    seconds: (performance.now() - begun) / 1000,
    serverCpu_us: ((cpuSeconds([server.pid]) - before[0]) / orders) * 1e6,
    databaseCpu_us: ((cpuSeconds(withChildren(database)) - before[1]) / orders) * 1e6,
  };
}

/** Orders a second where nothing is read, checked or indexed: a notice inserted, a Task replaced and its version kept. */
async function rawLimit(): Promise<number> {
  const [notice, task] = await Promise.all(
    ['Communication', 'Task'].map((type) =>
      asked<{ content: string }>(`select content from resource where type = ${typeNumber(type)} limit 1`),
    ),
  );
  const texts = [notice?.[0]?.content ?? '', task?.[0]?.content ?? ''] as const;
  await asked(
    'create table bench_task (id int8 primary key, content text); create table bench_row (id int8, content text)',
  );
  await pool.query('insert into bench_task select k, $1 from generate_series(1, $2::int8) k', [texts[1], orders]);
  const begun = performance.now();
  for (let from = 1; from <= orders; from += 100) {
    await pool.query({
      name: 'raw',
      text: `with kept as (insert into bench_row select id, content from bench_task where id between $1 and $1 + 99),
        noted as (insert into bench_row select k, $2 from generate_series($1::int8, $1 + 99) k)
        update bench_task set content = $3 where id between $1 and $1 + 99`,
      values: [from, ...texts],
    });
  }
  return (orders / (performance.now() - begun)) * 1000;
}

function told({ seconds, serverCpu_us, databaseCpu_us }: Dispatch): string {
  const rate = `${seconds.toFixed(1)} s, ${(orders / seconds).toFixed(0)} a second`;
  // of processes that were killed nobody knows any more
  const cpu =
    serverCpu_us > 0 && databaseCpu_us > 0
      ? `CPU of each ${serverCpu_us.toFixed(0)} + ${databaseCpu_us.toFixed(0)} µs; `
      : '';
  return `${rate}; ${cpu}load ${os.loadavg()[0]?.toFixed(1)}`;
}

/** @throws where an order was not dispatched, or twice */
async function requireOnce(form: string, due: number): Promise<void> {
  const day = new Date(due).toISOString().slice(0, 10);
  const period = `"start":"${new Date(due).toISOString()}"`;
  const [tasks] = await asked<{ all: number; sent: number }>(`
    select count(*)::int as all, count(*) filter (where content like '%"code":"sent"%')::int as sent
    from resource where type = ${typeNumber('Task')} and content like '%${period}%'`);
  const [notices] = await asked<{ all: number; orders: number }>(`
    select count(*)::int as all, count(distinct value)::int as orders
    from (select substring(content from '"value":"([^"/]*/${form}/[0-9]+)/notice') as value from resource
          where type = ${typeNumber('Communication')} and content like '%"sent":"${day}%') n where value is not null`);
  say(`  Tasks ${tasks?.all}, sent ${tasks?.sent}; notices ${notices?.all}, of ${notices?.orders} orders`);
  if ([tasks?.all, tasks?.sent, notices?.all, notices?.orders].some((count) => count !== orders)) {
    throw new Error(`${form}: some orders were not dispatched, or were dispatched twice`);
  }
}

/** Rows, asked for again and again while PostgreSQL is away. */
async function asked<R extends pg.QueryResultRow>(text: string): Promise<readonly R[]> {
  for (;;) {
    try {
      return (await pool.query<R>(text)).rows;
    } catch {
      await sleep(100);
    }
  }
}

async function postmaster(): Promise<number> {
  const [row] = await asked<{ pid: number }>('select pg_backend_pid() as pid');
  const { readFile } = await import('node:fs/promises');
  const stat = await readFile(`/proc/${row?.pid}/stat`, 'latin1');
  return Number(stat.replace(/^.*\) /s, '').split(' ')[1]);
}
