import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';

const MAIN = path.resolve(import.meta.dirname, '../../src/main.ts');
/** Recovery of a killed PostgreSQL included. */
const START_MS_MAX = 60_000;

export interface ServerProcessOptions {
  readonly name: string;
  readonly dataDir: string;
  readonly port: number;
  readonly baseUrl: string;
  readonly testClock: string;
}

/** A server of the product's own command line in a process of its own, which can be killed and started again. */
export class ServerProcess {
  readonly #options: ServerProcessOptions;
  #child: ChildProcess | undefined;
  #output = '';
  #killed = false;

  constructor(options: ServerProcessOptions) {
    this.#options = options;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#options.port}`;
  }

  get name(): string {
    return this.#options.name;
  }

  get runs(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Whether it ended although nobody killed it. */
  get endedByItself(): boolean {
    return this.#child !== undefined && !this.runs && !this.#killed;
  }

  /** What the process has logged, its end. */
  async log(): Promise<string> {
    return (await readFile(this.#logFile, 'utf8').catch(() => '')).split('\n').slice(-30).join('\n');
  }

  get #logFile(): string {
    return path.join(this.#options.dataDir, `${this.#options.name}.log`);
  }

  /** Starts it and waits until it is ready. @returns false where it ended instead */
  async start(): Promise<boolean> {
    const { port, dataDir, baseUrl, testClock } = this.#options;
    const log = await open(this.#logFile, 'a');
    this.#output = '';
    this.#killed = false;
    const child = spawn(process.execPath, [MAIN, 'serve'], {
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        DATABASE_URL: '',
        PORT: String(port),
        SVAR_DATA_DIR: dataDir,
        SVAR_BASE_URL: baseUrl,
        SVAR_TEST_CLOCK: testClock,
        SVAR_LOG_LEVEL: 'warn',
      },
      cwd: dataDir,
      stdio: ['ignore', 'pipe', log.fd],
    });
    await log.close();
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
    const deadline = Date.now() + START_MS_MAX;
    while (!this.#output.includes('is ready')) {
      if (!this.runs || this.#child !== child) {
        return false;
      }
      if (Date.now() > deadline) {
        throw new Error(`the server ${this.name} is not ready after ${START_MS_MAX} ms:\n${await this.log()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return true;
  }

  kill(): void {
    this.#killed = true;
    this.#child?.kill('SIGKILL');
  }

  /** Ends it in good order. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.runs) {
      return;
    }
    this.#killed = true;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
}

/** A TCP port that is free now. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') {
    throw new Error('the system gives no free port');
  }
  return address.port;
}
