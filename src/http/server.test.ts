import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpServer } from './server.ts';

const server = createHttpServer((_request, response) => response.end('as ever'));
server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'));

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => server.close());

async function offering(protocol: string): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.end(`GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: ${protocol}\r\n\r\n`);
  return (await text(socket)).split('\r\n', 1)[0] ?? '';
}

test('a client that offers HTTP/2 in its request is answered as ever', async () => {
  expect(await offering('h2c')).toBe('HTTP/1.1 200 OK');
});

test('a websocket is let through', async () => {
  expect(await offering('WebSocket')).toBe('HTTP/1.1 101 Switching Protocols');
});
