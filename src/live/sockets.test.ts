import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { Binding } from './binding.ts';
import { SOCKET_PATH, serveSockets } from './sockets.ts';

const ends: (() => void)[] = [];

afterEach(() => {
  vi.useRealTimers();
  for (const end of ends.splice(0)) end();
});

/** A server whose every token binds to a search that takes as long as the test lets it. */
async function served(options: { readonly answers?: boolean } = {}) {
  let looks = 0;
  const over = new Set<string>();
  const clock = { now: new Date(0) };
  const answers: (() => void)[] = [];
  const sockets: WebSocket[] = [];
  const server = createServer();
  const end = serveSockets(server, {
    bind: (token) => ({
      id: `subscription ${token}`,
      person: token.split(' ')[0] ?? '',
      expires: 60_000,
      binding: new Binding('Task', {
        handle: async () => {
          looks += 1;
          if (options.answers !== true) await new Promise<void>((resolve) => answers.push(resolve));
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
    addressOf: ({ headers }) => String(headers['x-test-address']),
    standing: async (opened) => new Set(opened.filter(({ person }) => !over.has(person))),
    listen: () => () => undefined,
    ...{ now: () => clock.now, log: { warn: () => undefined } },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    for (const answer of answers) answer();
    for (const one of sockets) one.terminate();
    end();
    server.close();
  });
  const connect = async (address = 'here') => {
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}${SOCKET_PATH}`;
    const socket = new WebSocket(url, { headers: { 'x-test-address': address } });
    sockets.push(socket);
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    const refused = new Promise<number>((resolve) =>
      socket.on('unexpected-response', (_, { statusCode = 0 }) => {
        socket.terminate();
        resolve(statusCode);
      }),
    );
    socket.on('error', () => undefined);
    const status = await Promise.race([
      new Promise<number>((resolve) => socket.once('open', () => resolve(101))),
      refused,
    ]);
    const say = (message: object) => socket.send(JSON.stringify(message));
    const bind = async (token: string) => {
      const heard = new Promise<string>((resolve) => socket.once('message', (data) => resolve(String(data))));
      say({ type: 'bind-with-token', payload: { token } });
      return Promise.race([heard.then(() => 'bound' as const), closed]);
    };
    return { socket, closed, status, say, bind };
  };
  return { connect, over, clock, looks: () => looks };
}

test('who binds and unbinds without end has no more searches under way than who binds as many as may be', async () => {
  const { connect, looks } = await served();
  const { say, socket } = await connect();
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
  const { socket, closed, say } = await (await served()).connect();
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
      addressOf: () => 'here',
      standing: async () => new Set<never>(),
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

describe('connections', () => {
  test('that nobody has signed in on are limited by address, and give their places back', async () => {
    const { connect } = await served({ answers: true });
    const first = await Promise.all(Array.from({ length: 500 }, () => connect('a')));
    expect(first.map(({ status }) => status)).toEqual(first.map(() => 101));
    expect((await connect('a')).status).toBe(429);
    expect((await connect('b')).status).toBe(101);
    // whoever has signed in is counted with the others of the address no more than as one of a hospital
    expect(await first[0]?.bind('Practitioner/1')).toBe('bound');
    expect((await connect('a')).status).toBe(101);
    expect((await connect('a')).status).toBe(429);
    first[1]?.socket.close();
    await first[1]?.closed;
    await vi.waitFor(async () => expect((await connect('a')).status).toBe(101));
  });

  test('of one person are limited, wherever they come from, and of many behind one address are not', async () => {
    const { connect } = await served({ answers: true });
    const bound = async (person: string, address: string) => {
      const connection = await connect(address);
      return { ...connection, answer: await connection.bind(`${person} ${Math.random()}`) };
    };
    const own = await Promise.all(Array.from({ length: 30 }, (_, n) => bound('Practitioner/1', `10.0.0.${n}`)));
    expect(own.map(({ answer }) => answer)).toEqual(own.map(() => 'bound'));
    expect((await bound('Practitioner/1', 'elsewhere')).answer).toBe(1013);
    const others = await Promise.all(Array.from({ length: 60 }, (_, n) => bound(`Practitioner/x${n}`, '10.0.0.1')));
    expect(others.map(({ answer }) => answer)).toEqual(others.map(() => 'bound'));
    own[0]?.socket.close();
    await own[0]?.closed;
    await vi.waitFor(async () => expect((await bound('Practitioner/1', 'elsewhere')).answer).toBe('bound'));
  });

  test('of a sign-in that is over are closed within a minute, though nothing is told; the others stay', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { connect, over } = await served({ answers: true });
    const [gone, there] = [await connect(), await connect()];
    expect([await gone.bind('Practitioner/gone'), await there.bind('Practitioner/there')]).toEqual(['bound', 'bound']);
    over.add('Practitioner/gone');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await gone.closed).toBe(4401);
    expect(there.socket.readyState).toBe(WebSocket.OPEN);
  });

  test('are told nothing more by a token that has become too old', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
    const { connect, clock } = await served({ answers: true });
    const { bind, closed, say, socket } = await connect();
    expect(await bind('Practitioner/1')).toBe('bound');
    clock.now = new Date(60_000);
    await vi.advanceTimersByTimeAsync(20_000);
    // what has nothing bound is not kept by pings either
    const answered = new Promise((resolve) => socket.once('message', resolve));
    say({ type: 'ping' });
    await answered;
    await vi.advanceTimersByTimeAsync(60_000);
    await closed;
  });
});
