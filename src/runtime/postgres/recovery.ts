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

/** Whether a server has a startup process, or the system does not tell. */
async function recovers(pid: number): Promise<boolean> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => undefined);
  const titles = (children?.split(' ') ?? []).filter(Boolean).map(titleOf);
  return children === undefined || (await Promise.all(titles)).some((title) => title.startsWith('postgres: startup'));
}

function titleOf(pid: string): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}
