import type { Log } from '../runtime/log.ts';

/** Does a piece of work again and again: after every nudge, and otherwise once in `period_ms`. */
export class Pulse {
  readonly #work: () => Promise<void>;
  readonly #period_ms: number;
  readonly #name: string;
  readonly #log: Log;
  #stopped = false;
  #nudged = false;
  #wake: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(name: string, period_ms: number, work: () => Promise<void>, log: Log) {
    this.#name = name;
    this.#period_ms = period_ms;
    this.#work = work;
    this.#log = log;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Asks for the work to be done as soon as it can. */
  nudge(): void {
    this.#nudged = true;
    this.#wake();
  }

  /** Ends when the work that is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#nudged = false;
      try {
        await this.#work();
      } catch (err) {
        this.#log.error({ err }, `${this.#name} failed and will be tried again`);
        await this.#rest(this.#period_ms);
        continue;
      }
      if (!this.#nudged) {
        await this.#rest(this.#period_ms);
      }
    }
  }

  #rest(ms: number): Promise<void> {
    if (this.#stopped) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
