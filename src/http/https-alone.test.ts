import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningRest, restInMemory } from '../../tests/kit/rest-in-memory.ts';
import { readNetwork } from '../runtime/network.ts';

const baseUrl = 'https://svar.example.org';
let behindProxy: RunningRest;
let withoutProxy: RunningRest;

beforeAll(async () => {
  behindProxy = await restInMemory({ settings: { baseUrl, httpsAlone: [readNetwork('127.0.0.1')] } });
  withoutProxy = await restInMemory({ settings: { baseUrl, httpsAlone: [] } });
});

afterAll(() => Promise.all([behindProxy.close(), withoutProxy.close()]));

const statusOf = async ({ origin }: RunningRest, path: string, proto?: string) =>
  (await fetch(origin + path, { headers: proto === undefined ? {} : { 'x-forwarded-proto': proto } })).status;

test.each([
  ['by https to the proxy', 'https', 200],
  ['by http to the proxy', 'http', 403],
  ['past the proxy, or through one that does not tell', undefined, 403],
])('what comes %s (%s) is answered with %i', async (_, proto, status) => {
  expect(await statusOf(behindProxy, '/fhir/R4/metadata', proto)).toBe(status);
  expect(await statusOf(behindProxy, '/nothing-here', proto)).toBe(status === 200 ? 404 : 403);
});

test('who is no trusted proxy cannot say that it was https', async () => {
  expect(await statusOf(withoutProxy, '/fhir/R4/metadata', 'https')).toBe(403);
});

test('probes are answered all the same', async () => {
  expect(await Promise.all(['/healthz', '/readyz', '/metrics'].map((path) => statusOf(withoutProxy, path)))).toEqual([
    200, 200, 200,
  ]);
});
