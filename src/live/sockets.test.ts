import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { Binding } from './binding.ts';
import { SOCKET_PATH, serveSockets } from './sockets.ts';

const ends: (() => void)[] = [];

afterEach(() => {
  vi.useRealTimers();
  for (const end of ends.splice(0)) end();
});

/** A server whose every token binds to a search that takes as long as the test lets it. */
async function served() {
  let looks = 0;
  const answers: (() => void)[] = [];
  const server = createServer();
  const end = serveSockets(server, {
    bind: () => ({
      id: 's',
      binding: new Binding('Task', {
        handle: async () => {
          looks += 1;
          await new Promise<void>((resolve) => answers.push(resolve));
          return { interaction: 'search', status: 200, headers: {}, body: '{"resourceType":"Bundle"}' };
        },
        ...{ fhirBase: 'http://svar.test/fhir/R4', now: async () => new Date(0) },
        caller: async () => ({
          name: 'test',
          kind: 'client',
          access: 'all',
          openReferences: false,
          lenientSearch: false,
        }),
      }),
    }),
    listen: () => () => undefined,
    ...{ now: () => new Date(0), log: { warn: () => undefined } },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}${SOCKET_PATH}`);
  ends.push(() => {
    for (const answer of answers) answer();
    socket.terminate();
    end();
    server.close();
  });
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('open', resolve));
  return { socket, closed, looks: () => looks, say: (message: object) => socket.send(JSON.stringify(message)) };
}

test('who binds and unbinds without end has no more searches under way than who binds as many as may be', async () => {
  const { say, looks, socket } = await served();
  for (let each = 0; each < 500; each += 1) {
    say({ type: 'bind-with-token', payload: { token: `t${each}` } });
    say({ type: 'unbind-from-token', payload: { token: `t${each}` } });
  }
  const answered = new Promise((resolve) => socket.once('message', resolve));
  say({ type: 'ping' });
  await answered;
  await vi.waitFor(() => expect(looks()).toBe(50));
});

test('a connection that binds nothing is not kept by pings', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { socket, closed, say } = await served();
  for (const _ of ['', '']) {
    await vi.advanceTimersByTimeAsync(31_000);
    const answered = new Promise((resolve) => socket.once('message', resolve));
    if (socket.readyState === socket.OPEN) say({ type: 'ping' });
    await Promise.race([answered, closed]);
  }
  await closed;
});

test.each(['/elsewhere', SOCKET_PATH])(
  'a client of %s that is gone before it is answered ends nothing but itself',
  (url) => {
    const server = createServer();
    const end = serveSockets(server, {
      bind: () => undefined,
      listen: () => () => undefined,
      now: () => new Date(),
      log: { warn: () => undefined },
    });
    const socket = new PassThrough();
    server.emit('upgrade', { url, headers: {}, method: 'GET' }, socket, Buffer.alloc(0));
    expect(() => socket.emit('error', new Error('read ECONNRESET'))).not.toThrow();
    expect(socket.destroyed).toBe(true);
    end();
  },
);
