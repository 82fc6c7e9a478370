import { execFile } from 'node:child_process';
import { readFile, readlink, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The lock file of a PostgreSQL server, https://www.postgresql.org/docs/18/storage-file-layout.html */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

const lockFile = (cluster: string): string => path.join(cluster, 'postmaster.pid');

/** The server that a cluster's postmaster.pid names, alive or not; undefined without a (complete) file. */
export async function readPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const lines = (await readFile(lockFile(cluster), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  return Number.isInteger(pid) && pid > 0 && Number.isInteger(port) && port > 0 ? { pid, port } : undefined;
}

/**
 * Whether a process is the live postmaster of a cluster, not another program that was given the same number after a
 * crash or a restart of the machine. PostgreSQL's working directory is its cluster; where the system does not tell the
 * directory, the program's name must do.
 */
export async function isPostmasterOf(cluster: string, pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === 'win32') return true;
  if (process.platform !== 'linux') return (await programOf(pid)).endsWith('postgres');
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(cluster));
  } catch (problem) {
    // A root without CAP_SYS_PTRACE, as in a container, may not look at another account's process.
    if ((problem as NodeJS.ErrnoException).code === 'EACCES') return (await programOf(pid)) === 'postgres';
    return false; // a process that has ended meanwhile
  }
}

/**
 * Makes the next server of this cluster ignore the process that its stale lock file names. The file stays, because
 * PostgreSQL finds in it the shared memory that old backends may still hold; PostgreSQL ignores a lock file that names
 * its own parent (miscinit.c, CreateLockFile), so that is what it will name.
 */
export async function disownLock(cluster: string): Promise<void> {
  const text = await readFile(lockFile(cluster), 'utf8').catch(() => undefined);
  if (text === undefined) return;
  await writeFile(lockFile(cluster), text.replace(/^.*/, String(process.pid)));
}

async function programOf(pid: number): Promise<string> {
  return run('ps', ['-o', 'comm=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
}

/** Whether a process with this number exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code === 'EPERM';
  }
}
