import type { LookupAddress } from 'node:dns';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EgressFault } from './egress-fault.ts';
import { type GuardedFetch, guardedFetch, type Resolve } from './guarded-fetch.ts';
import { readEgressPolicy } from './policy.ts';
import { webFetch } from './web-fetch.ts';

const answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/json': (_, response) => json(response, '{"keys":[]}'),
  '/echo': (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () =>
      json(
        response,
        JSON.stringify({ method: request.method, headers: request.headers, body: `${Buffer.concat(chunks)}` }),
      ),
    );
  },
  '/redirect': (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
  '/redirect-here': (_, response) => response.writeHead(307, { location: '/json' }).end(),
  '/html': (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
  '/gzip': (_, response) =>
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('x'),
  '/failure': (_, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<p>'),
  '/endless': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = () => response.write('x'.repeat(65_536), () => response.destroyed || setImmediate(more));
    more();
  },
  '/silent': () => undefined,
  '/slow': (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
};

function json(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(text);
}

let server: Server;
let port: number;
const seen: string[] = [];
let open: GuardedFetch[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request.url ?? '');
    answers[request.url ?? '']?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(async () => {
  server.closeAllConnections();
  await Promise.all([...open.map((one) => one.close()), new Promise((resolve) => server.close(resolve))]);
  open = [];
});

function fetchOf(setting: string, resolve?: Resolve): GuardedFetch {
  const made = guardedFetch(readEgressPolicy(setting), resolve);
  open.push(made);
  return made;
}

const accept = ['application/json'];
const here = () => `http://127.0.0.1:${port}`;
const addressesOf = (...addresses: string[]): LookupAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

async function codeOf(fetched: Promise<unknown>): Promise<string> {
  const problem = await fetched.then(
    () => 'fetched',
    (thrown: unknown) => thrown,
  );
  return problem instanceof EgressFault ? problem.code : String(problem);
}

test('fetches from a configured origin', async () => {
  const answer = await fetchOf(here())(`${here()}/json`, { accept });
  expect([answer.status, `${answer.body}`]).toEqual([200, '{"keys":[]}']);
});

test('connects to the address that was checked, resolved once', async () => {
  const asked: string[] = [];
  const resolve: Resolve = async (hostname) => {
    asked.push(hostname);
    return addressesOf(asked.length === 1 ? '127.0.0.1' : '169.254.169.254');
  };
  const answer = await fetchOf(`http://localhost:${port}`, resolve)(`http://localhost:${port}/json`, { accept });
  expect(answer.status).toBe(200);
  expect(asked).toEqual(['localhost']);
});

test('a name that resolves differently the next time is checked again for the next connection', async () => {
  let now = '127.0.0.1';
  const fetch = fetchOf(`http://localhost:${port}`, async () => addressesOf(now));
  expect((await fetch(`http://localhost:${port}/json`, { accept })).status).toBe(200);
  now = '169.254.169.254';
  await fetch.close();
  expect(await codeOf(fetch(`http://localhost:${port}/json`, { accept }))).toBe('address-forbidden');
});

test.each([
  ['https://rebound.example', ['127.0.0.1']],
  ['https://rebound.example', ['10.0.0.1']],
  ['https://rebound.example', ['169.254.169.254']],
  ['https://rebound.example', ['::ffff:127.0.0.1']],
  ['https://rebound.example', ['64:ff9b::a00:1']],
  ['https://rebound.example', ['93.184.216.34', '127.0.0.1']],
  ['internal:https://rebound.example', ['169.254.169.254']],
  ['internal:https://rebound.example', ['10.0.0.1', '::']],
  ['http://localhost:1', ['93.184.216.34']],
  ['http://localhost:1', ['10.0.0.1']],
])('%s that resolves to %s is not asked', async (setting, addresses) => {
  const origin = setting.replace('internal:', '');
  const fetch = fetchOf(setting, async () => addressesOf(...addresses));
  expect(await codeOf(fetch(`${origin}/jwks`, { accept }))).toBe('address-forbidden');
});

test('nothing is sent to an origin that is not configured', async () => {
  const before = seen.length;
  expect(await codeOf(fetchOf('https://login.example.org')(`${here()}/json`, { accept }))).toBe('not-configured');
  expect(seen.length).toBe(before);
});

test('redirects are not followed, to elsewhere or here', async () => {
  const fetch = fetchOf(here());
  const before = seen.length;
  expect(await codeOf(fetch(`${here()}/redirect`, { accept }))).toBe('redirect');
  expect(await codeOf(fetch(`${here()}/redirect-here`, { accept }))).toBe('redirect');
  expect(seen.slice(before)).toEqual(['/redirect', '/redirect-here']);
});

test('an answer of another media type is refused; a failure is told by its status', async () => {
  const fetch = fetchOf(here());
  expect(await codeOf(fetch(`${here()}/html`, { accept }))).toBe('content-type');
  expect(await codeOf(fetch(`${here()}/gzip`, { accept }))).toBe('content-type');
  expect((await fetch(`${here()}/failure`, { accept })).status).toBe(502);
});

test('an answer that is too large or too late is given up', async () => {
  const fetch = fetchOf(here());
  expect(await codeOf(fetch(`${here()}/endless`, { accept, bytesMax: 100_000 }))).toBe('too-large');
  expect(await codeOf(fetch(`${here()}/silent`, { accept, timeoutMs: 200 }))).toBe('timeout');
  expect(await codeOf(fetch(`${here()}/slow`, { accept, timeoutMs: 200 }))).toBe('timeout');
});

test('what cannot be reached is told without its path', async () => {
  const fetch = fetchOf('http://127.0.0.1:1');
  const problem = await fetch('http://127.0.0.1:1/path?secret=1', { accept }).catch((thrown: Error) => thrown);
  expect(problem).toMatchObject({ code: 'unreachable' });
  expect(String(problem)).not.toMatch(/path|secret/);
});

test('a library gets a fetch that goes the same way', async () => {
  const fetch = webFetch(fetchOf(here()), { accept });
  const answer = await fetch(`${here()}/echo`, {
    method: 'POST',
    headers: new Headers({ 'X-One': '1' }),
    body: new URLSearchParams({ a: 'b' }),
  });
  const echoed = await answer.json();
  expect(echoed).toMatchObject({
    method: 'POST',
    body: 'a=b',
    headers: { 'x-one': '1', 'accept-encoding': 'identity' },
  });
  await expect(fetch('https://evil.example/', {})).rejects.toMatchObject({ code: 'not-configured' });
  await expect(fetch(`${here()}/echo`, { method: 'DELETE' })).rejects.toThrow(TypeError);
});
