import { type ChildProcess, spawn } from 'node:child_process';
import packageJson from '../../package.json' with { type: 'json' };
import { BENCH_ENVIRONMENT } from './opened.ts';

/** A server of the product, with the flags of `npm start`, which can be killed and started again. */
export class BenchServer {
  readonly #environment: Record<string, string>;
  #child: ChildProcess | undefined;

  constructor(environment: Record<string, string>) {
    this.#environment = { ...BENCH_ENVIRONMENT, ...environment };
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Ends when it is ready. @throws where it ends instead */
  async start(): Promise<void> {
    const [, flags = ''] = /exec node (.*)src\/main\.ts/.exec(packageJson.scripts.start) ?? [];
    const [, arenas = ''] = /MALLOC_ARENA_MAX=(\d+)/.exec(packageJson.scripts.start) ?? [];
    const child = spawn(process.execPath, [...flags.split(' ').filter(Boolean), 'src/main.ts', 'serve'], {
      env: { ...process.env, MALLOC_ARENA_MAX: arenas, ...this.#environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', (code, signal) => reject(new Error(`the server ended with ${code ?? signal}`)));
    });
    child.removeAllListeners('exit');
    child.stdout.resume();
  }

  /** @param signal SIGKILL as when the machine's memory runs out, SIGTERM in good order */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
}
