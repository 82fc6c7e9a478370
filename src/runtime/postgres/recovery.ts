import { readFile } from 'node:fs/promises';

/** Between a crash and the recovery PostgreSQL waits for its processes to end, 5 s at most (SIGKILL_CHILDREN_AFTER_SECS). */
const PAUSE_MS_MAX = 8000;

/**
 * Notices a server that says it is recovering although nobody does. If the process that recovers from a crash is killed
 * (the machine's memory runs out, say), PostgreSQL 18 waits for ever: it takes no notice of what dies between a crash and
 * the end of its recovery (postmaster.c, HandleChildCrash). Only on Linux, which tells a process's children.
 */
export class Recovery {
  #pid: number | undefined;
  #since = 0;

  /** @returns true once a server has been seen without a recovering process for longer than it ever is */
  async isVain(pid: number, now: number): Promise<boolean> {
    if (await recovers(pid)) {
      this.seenWell();
    } else if (this.#pid !== pid) {
      this.#pid = pid;
      this.#since = now;
    }
    return this.#pid === pid && now - this.#since > PAUSE_MS_MAX;
  }

  /** The server does not claim to be recovering. */
  seenWell(): void {
    this.#pid = undefined;
  }
}

/**
 * Ends a server that recovers in vain, with all its processes. By itself none of them follows it that waits for a lock which the
 * killed one held, and it would keep the shared memory, so that no other server could start.
 */
export async function endVain(pid: number): Promise<void> {
  const children = (await childrenOf(pid)) ?? [];
  killIfThere(pid);
  for (const child of children) {
    if ((await titleOf(child)).startsWith('postgres: ')) killIfThere(child);
  }
}

/** Whether a server has a startup process, or the system does not tell. */
async function recovers(pid: number): Promise<boolean> {
  const children = await childrenOf(pid);
  const titles = await Promise.all((children ?? []).map(titleOf));
  return children === undefined || titles.some((title) => title.startsWith('postgres: startup'));
}

/** The processes of a server; undefined where the system does not tell. */
async function childrenOf(pid: number): Promise<readonly number[] | undefined> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => undefined);
  return text?.split(' ').filter(Boolean).map(Number);
}

function titleOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended, or another process was faster
  }
}
