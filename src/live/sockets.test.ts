import { createServer } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { SOCKET_PATH, serveSockets } from './sockets.ts';

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
