import { get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { certificate, certificateKey } from '../../tests/kit/certificate.ts';
import { createHttpServer, drain, serverTimeouts } from './server.ts';

const server = createHttpServer((_, response) => response.end('here'), serverTimeouts, {
  certificate,
  key: certificateKey,
});
let port: number;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});

afterAll(() => drain(server, 1000));

test('a server with a certificate serves https', async () => {
  const body = await new Promise<string>((resolve, reject) => {
    get({ host: 'localhost', port, ca: certificate, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
  expect(body).toBe('here');
});

test('it does not speak TLS before version 1.2', async () => {
  const refused = new Promise((resolve, reject) => {
    const socket = connect(
      {
        host: 'localhost',
        port,
        ca: certificate,
        maxVersion: 'TLSv1.1',
        minVersion: 'TLSv1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      },
      () => resolve('connected'),
    );
    socket.on('error', reject);
  });
  await expect(refused).rejects.toThrow(/protocol version|unsupported|handshake/i);
});
