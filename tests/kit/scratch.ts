import { mkdtemp, readdir, rm, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isAlive, isPostmasterOf, readPostmaster } from '../../src/runtime/postgres/postmaster.ts';

const MEMORY = '/dev/shm';
const MEMORY_BYTES_MIN = 8 * 2 ** 30;

/**
 * A new folder for what a test may lose, in memory where there is plenty of it: a database is a thousand small files.
 * Its name tells the process that made it, so that removeAbandoned() finds what killed test runs left.
 */
export async function scratchFolder(): Promise<string> {
  return mkdtemp(path.join(await scratchRoot(), `svar-test-${process.pid}-`));
}

/** Stops the databases and removes the folders of test runs that were killed. */
export async function removeAbandoned(): Promise<void> {
  const root = await scratchRoot();
  for (const name of await readdir(root)) {
    const maker = /^svar-test-(\d+)-/.exec(name);
    if (!maker || isAlive(Number(maker[1]))) continue;
    const cluster = path.join(root, name, 'postgres');
    const server = await readPostmaster(cluster);
    if (server && (await isPostmasterOf(cluster, server.pid))) process.kill(server.pid, 'SIGQUIT');
    await rm(path.join(root, name), { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }).catch(() => {});
  }
}

async function scratchRoot(): Promise<string> {
  const free = await statfs(MEMORY).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  return free >= MEMORY_BYTES_MIN ? MEMORY : os.tmpdir();
}
