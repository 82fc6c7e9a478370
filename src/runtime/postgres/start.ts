import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, stat, truncate } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresBinaries } from './binaries.ts';
import { type Cluster, openCluster } from './cluster.ts';
import { postgresFlags } from './flags.ts';
import { disownLock, isPostmasterOf, readPostmaster } from './postmaster.ts';
import { join, type Seat } from './seat.ts';

const LOG_BYTES_MAX = 10 * 2 ** 20;
const POLL_MS = 25;

export interface PostgresOptions {
  /** Svar's data folder; the cluster is in `<dataDir>/postgres`, its log in `<dataDir>/postgres.log`. */
  readonly dataDir: string;
  /** Told, in words for the operator, what is being done. */
  readonly log?: (message: string) => void;
  /** false: no fsync; for tests only, as a crash of the machine then destroys the data. */
  readonly durable?: boolean;
  /** How long recovery after a crash, or another process that is shutting the server down, is waited for. */
  readonly timeoutMs?: number;
}

export interface RunningPostgres {
  readonly url: string;
  /** Leaves the server; the last of the processes that use it stops it. Can be called twice. */
  stop(): Promise<void>;
}

/**
 * A running PostgreSQL on a data folder: the one that is already there (another Svar's, or one that outlived a killed
 * Svar), else a new one. Processes that share a server each hold a seat in it (seat.ts), and the last one to leave stops
 * it. Rejects with words for the operator if there is none within the time.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dataDir, durable = true, timeoutMs = 60_000, log = () => {} } = options;
  const binaries = await postgresBinaries();
  const cluster = await openCluster(binaries, dataDir, durable);
  const logFile = path.join(path.resolve(dataDir), 'postgres.log');
  const deadline = Date.now() + timeoutMs;
  let child: ChildProcess | undefined;
  let starts = 0;
  while (Date.now() < deadline) {
    const found = await readPostmaster(cluster.folder);
    if (found && (await isPostmasterOf(cluster.folder, found.pid))) {
      const seat = await join(found, cluster.password);
      if (seat) {
        if (found.pid !== child?.pid) log(`using the PostgreSQL that already runs on ${cluster.folder}`);
        child?.unref();
        return running(cluster, seat, found.pid);
      }
    } else if (!child || hasEnded(child)) {
      // A start can fail because another process was faster, or took the port: then look again.
      if (starts++ >= 5) break;
      if (found) await disownLock(cluster.folder);
      child = await spawnPostgres(binaries.postgres, cluster, logFile, durable);
    }
    await sleep(POLL_MS);
  }
  throw new Error(`PostgreSQL does not start on ${cluster.folder}. Its log ends with:\n${await lastLines(logFile)}`);
}

/** The server outlives this process if need be: its own session, and no pipe to this process. */
async function spawnPostgres(program: string, cluster: Cluster, logFile: string, durable: boolean) {
  const { size } = await stat(logFile).catch(() => ({ size: 0 }));
  if (size > LOG_BYTES_MAX) await truncate(logFile);
  const out = await open(logFile, 'a', 0o600);
  try {
    const flags = postgresFlags(await freePort(), durable);
    const [command = '', ...args] = [...cluster.account.prefix, program, '-D', cluster.folder, ...flags];
    const child = spawn(command, args, { detached: true, stdio: ['ignore', out.fd, out.fd], cwd: cluster.folder });
    child.on('error', () => {}); // seen as a server that does not start
    return child;
  } finally {
    await out.close();
  }
}

function running(cluster: Cluster, seat: Seat, pid: number): RunningPostgres {
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    if (!(await seat.leave())) return;
    process.kill(pid, 'SIGINT'); // fast shutdown
    while (await isPostmasterOf(cluster.folder, pid)) await sleep(POLL_MS);
    await seat.end();
  };
  return {
    url: seat.url,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
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

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '(no log)');
  return text.trimEnd().split('\n').slice(-8).join('\n');
}
