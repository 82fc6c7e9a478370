import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningRest, restInMemory } from '../../tests/kit/rest-in-memory.ts';
import { createHttpServer, drain } from './server.ts';

const LIMIT = 100_000;
let rest: RunningRest;

beforeAll(async () => {
  rest = await restInMemory({ settings: { bodyBytesMax: LIMIT } });
});

afterAll(() => rest.close());

const json = { 'content-type': 'application/fhir+json' };

function post(body: Buffer | string | ReadableStream, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${rest.base}/Patient`, {
    method: 'POST',
    headers: { ...json, ...headers },
    body,
    duplex: 'half',
  } as RequestInit);
}

/** What a server answers to these bytes, up to the end of the connection or `wait_ms`. */
function raw(port: number, bytes: string, wait_ms = 3000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    const done = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(done, wait_ms);
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', done).on('error', done);
  });
}

const portOf = (origin: string) => Number(new URL(origin).port);

describe('bodies', () => {
  it('above the limit are refused with 413, announced or not', async () => {
    const large = `{"resourceType":"Patient","language":"${'x'.repeat(LIMIT)}"}`;
    const announced = await post(large);
    expect(announced.status).toBe(413);
    expect(((await announced.json()) as { resourceType: string }).resourceType).toBe('OperationOutcome');
    const chunked = await post(new Blob([large]).stream());
    expect(chunked.status).toBe(413);
  });

  it('above the limit are refused before they have come to their end', async () => {
    const endless = new ReadableStream({
      async pull(controller) {
        controller.enqueue(Buffer.alloc(10_000, 0x20));
        await new Promise((resolve) => setTimeout(resolve, 1));
      },
    });
    const started = performance.now();
    expect((await post(endless)).status).toBe(413);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('compressed by gzip are inflated', async () => {
    const answer = await post(gzipSync('{"resourceType":"Patient","language":"nb"}'), { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(201);
    expect(((await answer.json()) as { language: string }).language).toBe('nb');
  });

  it('that inflate beyond the limit are refused, without being inflated whole', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000), { level: 1 });
    const small = await restInMemory({ settings: { bodyBytesMax: 2_000_000 } });
    const before = process.memoryUsage().rss;
    const answer = await fetch(`${small.base}/Patient`, {
      method: 'POST',
      headers: { ...json, 'content-encoding': 'gzip' },
      body: bomb.subarray(0, 1_900_000),
    });
    expect(answer.status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    await small.close();
  });

  it('that are not what their encoding says are refused with 400, unknown encodings with 415', async () => {
    expect((await post('{"resourceType":"Patient"}', { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await post(gzipSync('{}').subarray(0, 10), { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await post('{}', { 'content-encoding': 'zstd' })).status).toBe(415);
    expect((await post('{}', { 'content-encoding': 'gzip, gzip' })).status).toBe(415);
  });

  it('are refused with 503 while others fill the memory that there is for them, and taken again afterwards', async () => {
    const part = Buffer.alloc(90_000, 0x20);
    const held: ReadableStreamDefaultController[] = [];
    const waiting = Array.from({ length: 4 }, () =>
      post(
        new ReadableStream({
          start(controller) {
            controller.enqueue(part);
            held.push(controller);
          },
        }),
      ),
    );
    await vi.waitFor(async () => expect((await post(part)).status).toBe(503));
    for (const controller of held) {
      controller.enqueue(Buffer.from('{"resourceType":"Patient"}'));
      controller.close();
    }
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect((await post('{"resourceType":"Patient"}')).status).toBe(201);
  });

  it('that are longer than announced do not become a second request', async () => {
    const answer = await raw(
      portOf(rest.origin),
      'POST /fhir/R4/Patient HTTP/1.1\r\nhost: x\r\ncontent-type: application/fhir+json\r\ncontent-length: 2\r\n\r\n{}GARBAGE\r\n\r\n',
      500,
    );
    expect(answer).toContain('HTTP/1.1 400');
    expect(answer).not.toContain('HTTP/1.1 2');
  });

  it('with both Content-Length and Transfer-Encoding are refused', async () => {
    const answer = await raw(
      portOf(rest.origin),
      'POST /fhir/R4/Patient HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      500,
    );
    expect(answer).toContain('HTTP/1.1 400');
  });

  it('that break off leave the server working', async () => {
    await raw(portOf(rest.origin), 'POST /fhir/R4/Patient HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n\r\n{"res', 50);
    expect((await fetch(`${rest.origin}/healthz`)).status).toBe(200);
    await vi.waitFor(() => expect(rest.logged.join()).toContain('"status":499'));
  });
});

describe('answers', () => {
  it('tell their length, no ETag of express, no software, and keep browsers from guessing', async () => {
    const answer = await fetch(`${rest.base}/metadata`);
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(answer.headers.get('etag')).toBeNull();
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('x-request-id')).toMatch(/^\w+-\d+$/);
  });

  it('of a megabyte and more are compressed for who asks', async () => {
    const large = await restInMemory();
    const body = JSON.stringify({ resourceType: 'Patient', language: 'x'.repeat(1_100_000) });
    const created = await fetch(`${large.base}/Patient`, { method: 'POST', headers: json, body });
    expect(created.headers.get('content-encoding')).toBe('gzip');
    expect((await created.text()).length).toBeGreaterThan(1_100_000);
    const plain = await fetch(`${large.base}/Patient/1`, { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    await large.close();
  });

  it('outside FHIR are OperationOutcomes too', async () => {
    const answer = await fetch(`${rest.origin}/nothing`);
    expect(answer.status).toBe(404);
    expect(((await answer.json()) as { resourceType: string }).resourceType).toBe('OperationOutcome');
  });
});

describe('logs and metrics', () => {
  it('hold what was asked as a template: no id, no query', async () => {
    await fetch(`${rest.base}/Patient/secret-id?_elements=name`);
    await fetch(`${rest.base}/Patient?gender=secret-value`);
    await fetch(`${rest.base}/Secretsen/1`);
    await fetch(`${rest.base}/Patient/$secretsen`);
    const log = rest.logged.join('\n');
    expect(log).toContain('GET Patient/[id]');
    expect(log).toContain('GET Patient/$[unknown]');
    expect(log).not.toMatch(/secret/i);
    const metrics = await (await fetch(`${rest.origin}/metrics`)).text();
    expect(metrics).toContain('svar_http_request_seconds_count{interaction="GET [type]/[id]",status="404"}');
    expect(metrics).not.toMatch(/secret/i);
  });

  it('take over a request id only if it is a UUID', async () => {
    const id = '0b1f0f3e-0001-4000-8000-000000000001';
    expect((await fetch(rest.base, { headers: { 'x-request-id': id } })).headers.get('x-request-id')).toBe(id);
    expect(
      (await fetch(rest.base, { headers: { 'x-request-id': '01019012345' } })).headers.get('x-request-id'),
    ).not.toBe('01019012345');
  });
});

describe('probes', () => {
  it('answer JSON', async () => {
    expect(await (await fetch(`${rest.origin}/healthz`)).json()).toEqual({ status: 'ok', outboxDepth: 0 });
    expect((await fetch(`${rest.origin}/readyz`)).status).toBe(200);
  });
});

describe('CORS', () => {
  it('lets the named origins in and no other', async () => {
    const open = await restInMemory({ settings: { corsOrigins: ['https://app.example'] } });
    const preflight = (origin: string) => fetch(`${open.base}/Patient`, { method: 'OPTIONS', headers: { origin } });
    expect((await preflight('https://app.example')).headers.get('access-control-allow-origin')).toBe(
      'https://app.example',
    );
    const other = await preflight('https://app.example.evil.example');
    expect([other.status, other.headers.get('access-control-allow-origin')]).toEqual([405, null]);
    await open.close();
  });
});

describe('the server', () => {
  it('refuses slow and oversized headers, and what is no HTTP', async () => {
    const server = createHttpServer((_request, response) => response.end('x'), {
      headers_ms: 200,
      request_ms: 400,
      keepAlive_ms: 1000,
      silence_ms: 1000,
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    expect(await raw(port, 'GET / HTTP/1.1\r\nhost: x\r\nx-slow: ')).toContain('HTTP/1.1 408');
    expect(await raw(port, `GET /?${'x'.repeat(70_000)} HTTP/1.1\r\nhost: x\r\n\r\n`)).toContain('HTTP/1.1 431');
    expect(await raw(port, 'NONSENSE\r\n\r\n')).toContain('OperationOutcome');
    await drain(server, 100);
  });

  it('finishes what is under way before it stops, and not more', async () => {
    const answers: (() => void)[] = [];
    const server = createHttpServer((_request, response) => answers.push(() => response.end('done')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const underWay = fetch(`http://127.0.0.1:${port}/`).then((response) => response.text());
    while (answers.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const stopped = drain(server, 5000);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    answers[0]?.();
    expect(await underWay).toBe('done');
    await stopped;
  });
});
