import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, stat, truncate } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import type { Cluster } from './cluster.ts';
import { postgresFlags } from './flags.ts';
import { disownLock, isPostmasterOf, readPostmaster } from './postmaster.ts';
import { endVain, Recovery } from './recovery.ts';
import { type Seat, takeSeat } from './seat.ts';
import { type Starter, takeStart } from './starter.ts';

const LOG_BYTES_MAX = 10 * 2 ** 20;
const POLL_MS = 25;
/** Starts that may fail for a reason of their own. */
const STARTS_MAX = 5;
/** What a start fails with while processes of a killed server, or another start, still hold the cluster: it passes. */
const HELD = /pre-existing shared memory block|lock file "postmaster\.pid"/;
const HELD_MS = 250;

export interface AttachOptions {
  readonly binaries: Binaries;
  readonly cluster: Cluster;
  readonly dataDir: string;
  readonly durable: boolean;
  readonly timeoutMs: number;
  readonly log: (message: string) => void;
  /** The port that the server must have; any that is free, if undefined. */
  readonly port?: number | undefined;
}

/** A seat in the live server of a cluster. */
export interface Attached {
  readonly seat: Seat;
  readonly pid: number;
  readonly port: number;
}

/**
 * Takes a seat in the server that runs on a cluster; starts one if none does. Looks again and again, because what it
 * finds may be starting, recovering, shutting down, or dead with its lock file left behind, and because another process
 * may be doing the same: PostgreSQL's own lock file decides who wins.
 */
export async function attach(options: AttachOptions): Promise<Attached> {
  const { cluster, log } = options;
  const logFile = path.join(path.resolve(options.dataDir), 'postgres.log');
  const deadline = Date.now() + options.timeoutMs;
  let child: ChildProcess | undefined;
  let starter: Starter | undefined;
  let starts = 0;
  const recovery = new Recovery();
  try {
    while (Date.now() < deadline) {
      const found = await readPostmaster(cluster.folder);
      if (found && (await isPostmasterOf(cluster.folder, found.pid))) {
        const seat = await takeSeat(found, cluster.password);
        if (seat === 'recovering') {
          if (await recovery.isVain(found.pid, Date.now())) {
            log(`the PostgreSQL on ${cluster.folder} has lost the process that recovers it; starting it again`);
            await endVain(found.pid);
            recovery.seenWell();
          }
        } else if (seat) {
          if (found.pid !== child?.pid) log(`using the PostgreSQL that already runs on ${cluster.folder}`);
          child?.unref();
          if (options.port === undefined || options.port === found.port) return { seat, ...found };
          await seat.leave();
          throw new Error(`it now runs on port ${found.port} instead of ${options.port}; start Svar again.`);
        }
      } else if (!starter) {
        // Only now that nobody else starts one is it certain what the lock file says: look again.
        starter = await takeStart(cluster.folder);
        if (starter) continue;
      } else if (!child || hasEnded(child)) {
        // A start can fail because of what a killed server left, or because its port was taken: then look again.
        if (child && HELD.test(await lastLine(logFile))) {
          await sleep(HELD_MS);
          starts -= 1;
        }
        if (starts++ >= STARTS_MAX) break;
        if (found) await disownLock(cluster.folder);
        child = await startServer(options, options.port ?? (await freePort()), logFile);
      }
      await sleep(POLL_MS);
    }
  } finally {
    starter?.done();
  }
  throw new Error(`PostgreSQL does not start on ${cluster.folder}. Its log ends with:\n${await lastLines(logFile)}`);
}

/** The server can outlive this process: it has its own session, and no pipe to this process. */
async function startServer(options: AttachOptions, port: number, logFile: string): Promise<ChildProcess> {
  const { binaries, cluster, durable } = options;
  const { size } = await stat(logFile).catch(() => ({ size: 0 }));
  if (size > LOG_BYTES_MAX) await truncate(logFile);
  const out = await open(logFile, 'a', 0o600);
  try {
    const flags = postgresFlags(port, durable);
    const [command = '', ...args] = [...cluster.account.prefix, binaries.postgres, '-D', cluster.folder, ...flags];
    const child = spawn(command, args, { detached: true, stdio: ['ignore', out.fd, out.fd], cwd: cluster.folder });
    child.on('error', () => {}); // seen as a server that does not start
    return child;
  } finally {
    await out.close();
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The system gives no free port.');
  return address.port;
}

async function lastLine(file: string): Promise<string> {
  return (await lastLines(file)).split('\n').at(-1) ?? '';
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '(no log)');
  return text.trimEnd().split('\n').slice(-8).join('\n');
}
