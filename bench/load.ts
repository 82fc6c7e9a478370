import net from 'node:net';

/** One request: what is sent, byte for byte. */
export type MakeRequest = (index: number) => Buffer;

export interface Measured {
  readonly requests: number;
  readonly failures: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly bytes: number;
}

export interface Load {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  /** How long requests are sent, after a warm-up of a fifth of it that is not counted. */
  readonly seconds: number;
}

/** The demo's program that may do everything. */
export const DEMO_ADMIN = `Basic ${Buffer.from('demo-admin:demo').toString('base64')}`;

/** A complete HTTP request. */
export function request(method: string, path: string, body?: string, ...headers: string[]): Buffer {
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const head = [
    `${method} ${path} HTTP/1.1`,
    'host: bench',
    'accept: application/fhir+json',
    `authorization: ${DEMO_ADMIN}`,
    ...headers,
    ...(bytes ? ['content-type: application/fhir+json', `content-length: ${bytes.length}`] : []),
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), ...(bytes ? [bytes] : [])]);
}

/**
 * Sends requests over some connections, each the next as soon as the last is answered. On plain sockets, so that the
 * client takes as little as possible of the cores that it shares with the server.
 */
export async function measure(load: Load, make: MakeRequest): Promise<Measured> {
  const latencies: number[] = [];
  const state = { index: 0, failures: 0, bytes: 0, counting: false, done: false };
  const connections = await Promise.all(Array.from({ length: load.connections }, () => connect(load)));
  const running = connections.map((socket) => drive(socket, make, state, latencies));
  await sleep((load.seconds * 1000) / 5);
  state.counting = true;
  const started = performance.now();
  await sleep(load.seconds * 1000);
  state.counting = false;
  const seconds = (performance.now() - started) / 1000;
  state.done = true;
  await Promise.all(running);
  latencies.sort((a, b) => a - b);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    requests: latencies.length,
    failures: state.failures,
    seconds,
    perSecond: latencies.length / seconds,
    p50_ms: at(0.5),
    p99_ms: at(0.99),
    bytes: state.bytes,
  };
}

function connect({ host, port }: Load): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}

interface State {
  index: number;
  failures: number;
  bytes: number;
  counting: boolean;
  done: boolean;
}

function drive(socket: net.Socket, make: MakeRequest, state: State, latencies: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let sent = 0;
    const reader = new ResponseReader((status, bytes) => {
      if (state.counting) {
        latencies.push(performance.now() - sent);
        state.bytes += bytes;
        if (status >= 400) {
          state.failures += 1;
        }
      }
      if (state.done) {
        socket.end();
        resolve();
      } else {
        next();
      }
    });
    const next = (): void => {
      sent = performance.now();
      socket.write(make(state.index++));
    };
    socket.on('data', (chunk) => reader.take(chunk));
    socket.once('error', reject);
    next();
  });
}

/** Finds the end of HTTP responses that have a content-length. */
class ResponseReader {
  readonly #done: (status: number, bytes: number) => void;
  #head: Buffer = Buffer.alloc(0);
  #status = 0;
  #total = 0;
  #missing = -1;

  constructor(done: (status: number, bytes: number) => void) {
    this.#done = done;
  }

  take(chunk: Buffer): void {
    let rest = chunk;
    if (this.#missing < 0) {
      const head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) {
        this.#head = head;
        return;
      }
      const text = head.toString('latin1', 0, end).toLowerCase();
      this.#status = Number(text.slice(9, 12));
      this.#missing = Number(/content-length: (\d+)/.exec(text)?.[1] ?? 0);
      this.#total = this.#missing;
      rest = head.subarray(end + 4);
      this.#head = Buffer.alloc(0);
    }
    this.#missing -= rest.length;
    if (this.#missing <= 0) {
      this.#missing = -1;
      this.#done(this.#status, this.#total);
    }
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
