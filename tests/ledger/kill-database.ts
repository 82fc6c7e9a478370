import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isPostmasterOf, readPostmaster } from '../../src/runtime/postgres/postmaster.ts';

/** The processes of the PostgreSQL that runs on a data folder: the postmaster first, then its children. */
async function processes(dataDir: string): Promise<readonly number[]> {
  const cluster = path.join(dataDir, 'postgres');
  const postmaster = await readPostmaster(cluster);
  if (postmaster === undefined || !(await isPostmasterOf(cluster, postmaster.pid))) {
    return [];
  }
  const { pid } = postmaster;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return [pid, ...children.split(' ').filter(Boolean).map(Number)];
}

/** SIGKILL to the postmaster and all its children, as when the machine's memory runs out. */
export async function killDatabase(dataDir: string): Promise<void> {
  for (const pid of await processes(dataDir)) {
    kill(pid);
  }
}

/** SIGKILL to one child: PostgreSQL then throws out all others and recovers from its log. */
export async function killBackend(dataDir: string, random: () => number): Promise<void> {
  const [, ...children] = await processes(dataDir);
  const pid = children[Math.floor(random() * children.length)];
  if (pid !== undefined) {
    kill(pid);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}
