import { type ChildProcess, fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Template } from './copier.ts';

/** Processes that store copies of courses, as many as the machine has cores. */
export class LoadWorkers {
  readonly #children: readonly ChildProcess[];

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children;
  }

  static async start(
    place: { readonly databaseUrl: string; readonly folder: string; readonly clock: string },
    templates: readonly Template[],
    processes: number,
  ): Promise<LoadWorkers> {
    const file = path.join(place.folder, 'templates.json');
    await writeFile(file, JSON.stringify(templates));
    const children: ChildProcess[] = [];
    for (let own = 0; own < processes; own += 1) {
      const worker = path.join(import.meta.dirname, 'load-worker.ts');
      const child = fork(worker, [place.databaseUrl, place.folder, file, String(processes), String(own), place.clock]);
      await answer(child);
      children.push(child);
    }
    return new LoadWorkers(children);
  }

  /** Stores the courses with these numbers. @returns how many versions were stored */
  async store(from: number, to: number): Promise<number> {
    const of = this.#children.length;
    const stored = await Promise.all(
      this.#children.map((child) => {
        const answered = answer(child);
        child.send({ from: Math.floor(from / of), to: Math.floor(to / of) });
        return answered;
      }),
    );
    return stored.reduce((sum, one) => sum + one, 0);
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#children.map((child) => {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.disconnect();
        return ended;
      }),
    );
  }
}

function answer(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (code: number | null): void => reject(new Error(`a process that stores courses ended with ${code}`));
    child.once('exit', failed);
    child.once('message', ({ stored }: { stored: number }) => {
      child.off('exit', failed);
      resolve(stored);
    });
  });
}
