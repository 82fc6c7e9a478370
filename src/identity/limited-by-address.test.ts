import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, test } from 'vitest';
import { limitedByAddress } from './limited-by-address.ts';

test('an address that asks too often has to wait, another has not', async () => {
  const app = express();
  app.use(limitedByAddress(({ headers }) => String(headers['x-test-address']), 2));
  app.use((_request, response) => void response.end());
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ask = (address: string) =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { headers: { 'x-test-address': address } });
  try {
    expect([(await ask('a')).status, (await ask('a')).status]).toEqual([200, 200]);
    const refused = await ask('a');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask('b')).status).toBe(200);
  } finally {
    server.close();
  }
});
