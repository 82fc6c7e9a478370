import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { decodeJwt, exportJWK, generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import { scratchFolder } from '../../tests/kit/scratch.ts';
import type { Engine } from '../interactions/engine.ts';
import type { Log } from '../runtime/log.ts';
import { secretsOf } from '../runtime/secrets.ts';
import { openPopulation } from './population.ts';

const secrets = secretsOf(Buffer.alloc(32, 1));
/** A database that has looked at no event yet. */
const engine = { pool: { query: async () => ({ rows: [{ value: '' }], rowCount: 0 }) } } as unknown as Engine;
const quiet = { error: () => undefined } as unknown as Log;
const open = (populationRegister: unknown, production = false) =>
  openPopulation({ populationRegister, egress: '', production }, secrets, engine, quiet);

const token = { issuer: 'https://helseid.example', tokenEndpoint: 'https://helseid.example/token', clientId: 'svar' };

test('without a register nothing is asked', async () => {
  expect(await open(undefined)).toBeUndefined();
});

test('what the setting lacks is told by its name', async () => {
  await expect(open({})).rejects.toThrow('SVAR_POPULATION_REGISTER populationRegister.base');
  const plain = { base: 'http://register.example', token: { ...token, scopes: ['x'], keyFile: 'x' } };
  await expect(open(plain, true)).rejects.toThrow('must be an https address');
});

test('it is asked with a token of HelseID, and a proof for this very request', async () => {
  const asked = Promise.withResolvers<{ url: string | undefined; headers: IncomingHttpHeaders }>();
  const server = createServer((request, response) => {
    const isToken = request.url === '/token';
    if (!isToken) asked.resolve({ url: request.url, headers: request.headers });
    response.writeHead(isToken ? 200 : 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isToken ? { access_token: 'the token', token_type: 'DPoP', expires_in: 60 } : {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keyFile = path.join(await scratchFolder(), 'key.jwk');
  const { privateKey } = await generateKeyPair('PS256', { extractable: true });
  await writeFile(keyFile, JSON.stringify({ ...(await exportJWK(privateKey)), alg: 'PS256' }), { mode: 0o600 });
  const population = await open({ base, token: { ...token, tokenEndpoint: `${base}/token`, scopes: ['x'], keyFile } });
  population?.start();
  const { url, headers } = await asked.promise;
  expect([url, headers.authorization, headers['api-version']]).toEqual([
    ...['/api/legal-basis/event/latest', 'DPoP the token', '2'],
  ]);
  expect(decodeJwt(String(headers.dpop))).toMatchObject({ htm: 'GET', htu: `${base}/api/legal-basis/event/latest` });
  await population?.stop();
  server.closeAllConnections();
  server.close();
});
