import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, chown, cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { scratchFolder } from '../../tests/kit/scratch.ts';
import { isPostmasterOf, readPostmaster } from './postgres/postmaster.ts';
import { type RunningPostgres, startPostgres } from './postgres.ts';

const isRoot = process.getuid?.() === 0;
const program = path.resolve('tests/kit/postgres-process.ts');

/** A data folder after its first start and stop, copied for each test, as initdb is slow. */
let prepared: string;
let folder: string;
let dataDir: string;
let children: ChildProcess[];

beforeAll(async () => {
  prepared = await scratchFolder();
  const server = await startPostgres({ dataDir: prepared, durable: false });
  await server.stop();
});

afterAll(() => rm(prepared, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await scratchFolder();
  dataDir = path.join(folder, 'data');
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  const left = await readPostmaster(cluster());
  if (left && (await isPostmasterOf(cluster(), left.pid))) await ended(left.pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const cluster = () => path.join(dataDir, 'postgres');

async function postmaster(): Promise<number> {
  return (await readPostmaster(cluster()))?.pid ?? -1;
}

async function ended(pid: number, signal: NodeJS.Signals): Promise<void> {
  process.kill(pid, signal);
  await expect.poll(() => isPostmasterOf(cluster(), pid), { timeout: 10_000 }).toBe(false);
}

async function copyPrepared(): Promise<void> {
  await cp(prepared, dataDir, { recursive: true });
}

/** Without fsync, which only a crash of the machine would miss. */
function start(): Promise<RunningPostgres> {
  return startPostgres({ dataDir, durable: false });
}

/** The same in a process of its own. */
async function startElsewhere(command: string[] = [process.execPath]): Promise<{ child: ChildProcess; url: string }> {
  const [node = '', ...args] = [...command, program, dataDir];
  const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const lines = createInterface(child.stdout);
  const url = await Promise.race([once(lines, 'line').then(([line]) => String(line)), once(child, 'close')]);
  if (typeof url !== 'string') throw new Error(`the process ended: ${said}`);
  return { child, url };
}

/**
 * Kills a session, and then the process that recovers from this crash, after the others that start with it. It lives for
 * some ms only, so that there is no time to wait for it, and is stopped first; a busy machine may miss it, then again.
 */
async function killInRecovery(url: string, pid: number): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const backend = await vi.waitFor(
      async () => {
        const [seat] = await query(url, "select pid from pg_stat_activity where application_name = 'svar seat'");
        if (seat === undefined) throw new Error('the server has no session yet');
        return seat;
      },
      { timeout: 5000 },
    );
    process.kill(Number(backend), 'SIGKILL');
    if (await killRecovery(pid)) return;
  }
  throw new Error('no recovery was seen');
}

/** Whether it was seen, and killed. */
async function killRecovery(pid: number): Promise<boolean> {
  const titleOf = (child: string): string => {
    try {
      return readFileSync(`/proc/${child}/cmdline`, 'utf8');
    } catch {
      return '';
    }
  };
  for (const end = Date.now() + 1000; Date.now() < end; ) {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    const found = children.find((child) => titleOf(child).startsWith('postgres: startup'));
    if (found !== undefined) {
      process.kill(Number(found), 'SIGSTOP');
      await sleep(500);
      // now and then another of its processes waits for a lock that this one holds, and goes on for ever
      const waiting = children.find((child) => titleOf(child).startsWith('postgres: checkpointer'));
      if (waiting !== undefined) process.kill(Number(waiting), 'SIGSTOP');
      process.kill(Number(found), 'SIGKILL');
      return true;
    }
  }
  return false;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows.map((row) => Object.values(row)[0]);
  } finally {
    await client.end();
  }
}

describe('starting and stopping', () => {
  test('what was committed is there after a stop and a start, and no server is left after a stop', async () => {
    const first = await start();
    await query(first.url, 'create table kept as select 42 as answer');
    const pid = await postmaster();
    await first.stop();
    await first.stop();
    expect(await isPostmasterOf(cluster(), pid)).toBe(false);
    const second = await start();
    expect(await query(second.url, 'select answer from kept')).toEqual([42]);
    await second.stop();
  });

  test('commits are durable: fsync, synchronous_commit and full_page_writes are on', async () => {
    await copyPrepared();
    const server = await startPostgres({ dataDir });
    const names = ['fsync', 'synchronous_commit', 'full_page_writes'];
    for (const name of names) expect(await query(server.url, `show ${name}`)).toEqual(['on']);
    await server.stop();
  });

  test('only this account can read the password, and only this machine can reach the server', async () => {
    const server = await start();
    const { mode } = await stat(path.join(cluster(), 'svar.password'));
    expect(mode & 0o077).toBe(0);
    expect(await query(server.url, 'show listen_addresses')).toEqual(['127.0.0.1']);
    const wrong = new URL(server.url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    await server.stop();
  });

  test('a folder that holds something else is refused and left as it was', async () => {
    await mkdir(cluster(), { recursive: true });
    await writeFile(path.join(cluster(), 'thesis.txt'), 'not a database');
    await expect(start()).rejects.toThrow(/not a database of Svar's/);
    expect(await readFile(path.join(cluster(), 'thesis.txt'), 'utf8')).toBe('not a database');
  });

  test('a start that cannot succeed says why, with the end of the log', async () => {
    await copyPrepared();
    const server = await start();
    await server.stop();
    await writeFile(path.join(cluster(), 'PG_VERSION'), '9.6\n');
    await expect(start()).rejects.toThrow(/does not start on .* incompatible with server/s);
  });
});

describe('several processes on one data folder', () => {
  test('share one server, whoever comes first, and only the last to leave stops it', async () => {
    const [first, second] = await Promise.all([startElsewhere(), startElsewhere()]);
    expect(second.url).toBe(first.url);
    const pid = await postmaster();
    first.child.kill('SIGTERM');
    await once(first.child, 'close');
    expect(await query(second.url, 'select 1 as one')).toEqual([1]);
    second.child.kill('SIGTERM');
    await once(second.child, 'close');
    expect(await isPostmasterOf(cluster(), pid)).toBe(false);
  });

  test('a process that starts while the last other one stops gets a server', async () => {
    await copyPrepared();
    for (let round = 0; round < 5; round++) {
      const leaving = await start();
      const [, coming] = await Promise.all([leaving.stop(), sleep(round * 10).then(() => start())]);
      expect(await query(coming.url, 'select 1 as one')).toEqual([1]);
      await coming.stop();
    }
  });
});

describe('after a crash', () => {
  test('a server that outlived its killed Svar is adopted, and stopped by the one that adopted it', async () => {
    await copyPrepared();
    const killed = await startElsewhere();
    await query(killed.url, 'create table kept as select 42 as answer');
    killed.child.kill('SIGKILL');
    await once(killed.child, 'close');
    const pid = await postmaster();
    expect(await isPostmasterOf(cluster(), pid)).toBe(true);
    const next = await start();
    expect(next.url).toBe(killed.url);
    expect(await query(next.url, 'select answer from kept')).toEqual([42]);
    await next.stop();
    expect(await isPostmasterOf(cluster(), pid)).toBe(false);
  });

  test('stale lock files are no obstacle after both were killed', async () => {
    await copyPrepared();
    const killed = await startElsewhere();
    await query(killed.url, 'create table kept as select 42 as answer');
    killed.child.kill('SIGKILL');
    await ended(await postmaster(), 'SIGKILL');
    const next = await start();
    expect(await query(next.url, 'select answer from kept')).toEqual([42]);
    await next.stop();
  });

  test('a stale lock file whose number another program has by now is no obstacle', async () => {
    await copyPrepared();
    const killed = await startElsewhere();
    killed.child.kill('SIGKILL');
    await ended(await postmaster(), 'SIGKILL');
    const other = spawn('sleep', ['60']);
    children.push(other);
    const lock = path.join(cluster(), 'postmaster.pid');
    await writeFile(lock, (await readFile(lock, 'utf8')).replace(/^\d+/, String(other.pid)));
    const next = await start();
    expect(await query(next.url, 'select 1 as one')).toEqual([1]);
    await next.stop();
  });

  test('a server that dies alone is started again at the same address', async () => {
    await copyPrepared();
    const server = await start();
    const pid = await postmaster();
    await ended(pid, 'SIGKILL');
    await expect.poll(() => query(server.url, 'select 1 as one').catch(() => []), { timeout: 15_000 }).toEqual([1]);
    expect(await postmaster()).not.toBe(pid);
    const last = await postmaster();
    await server.stop();
    expect(await isPostmasterOf(cluster(), last)).toBe(false);
  });

  test.runIf(process.platform === 'linux')(
    'a server that was killed in part while it recovered, and recovers no more, is started again',
    async () => {
      await copyPrepared();
      const server = await start();
      const pid = await postmaster();
      await killInRecovery(server.url, pid);
      await expect.poll(() => query(server.url, 'select 1 as one').catch(() => []), { timeout: 25_000 }).toEqual([1]);
      expect(await postmaster()).not.toBe(pid);
      await server.stop();
    },
    30_000,
  );

  test('what an initdb left that was killed is removed', async () => {
    const abandoned = path.join(dataDir, 'postgres.new-999999999');
    await mkdir(abandoned, { recursive: true });
    const server = await start();
    await expect(stat(abandoned)).rejects.toMatchObject({ code: 'ENOENT' });
    await server.stop();
  });
});

describe('accounts', () => {
  test('a data folder under a home that is closed to others works', async () => {
    await chmod(folder, 0o700);
    const server = await start();
    expect(await query(server.url, 'select 1 as one')).toEqual([1]);
    await server.stop();
  });

  test.runIf(isRoot)('root runs a folder of another account as that account', async () => {
    await copyPrepared();
    const first = await start();
    await query(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    execFileSync('chown', ['-R', '12345:12345', cluster()]);
    const second = await start();
    expect(await query(second.url, 'select answer from kept')).toEqual([42]);
    expect((await stat(`/proc/${await postmaster()}`)).uid).toBe(12345);
    await second.stop();
    expect((await stat(path.join(cluster(), 'postmaster.opts'))).uid).toBe(12345);
  });

  // When the tests run as an ordinary user, every test here shows this one.
  test.runIf(isRoot).each([
    ['an ordinary user starts', 65534],
    ['a user without a name starts', 12345],
  ])('%s and stops a server of their own', async (_, uid) => {
    await mkdir(dataDir);
    await chmod(folder, 0o711);
    await chown(dataDir, uid, uid);
    // The checkout of these tests may lie in a home that is closed to others: this user may look into it.
    const look = ['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'];
    const user = [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', ...look];
    const started = await startElsewhere(['setpriv', ...user, process.execPath]);
    const pid = await postmaster();
    expect((await stat(`/proc/${pid}`)).uid).toBe(uid);
    expect(await query(started.url, 'select 1 as one')).toEqual([1]);
    started.child.kill('SIGTERM');
    await once(started.child, 'close');
    expect(await isPostmasterOf(cluster(), pid)).toBe(false);
  });
});
