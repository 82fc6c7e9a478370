import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import type { Caller } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { mayReadMetrics } from './metrics-reader.ts';

const asked = (remoteAddress: string, headers: Record<string, string> = {}) =>
  ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage;
const who = (access: Caller['access'], role?: string): Caller => ({
  ...{ name: 'x', kind: 'client', access },
  ...(role && { agent: { who: 'x', client: 'x', role, strength: 'key' } }),
});
const nobody = async (): Promise<Caller> => {
  throw fhirError(401, 'security', 'no');
};

test.each([
  ['a program on this machine', asked('127.0.0.1'), nobody, true],
  ['one by IPv6', asked('::1'), nobody, true],
  ['one by IPv4 in IPv6', asked('::ffff:127.0.0.1'), nobody, true],
  ['somebody behind a proxy on this machine', asked('127.0.0.1', { 'x-forwarded-for': '192.0.2.1' }), nobody, false],
  ['somebody behind another kind of proxy', asked('127.0.0.1', { forwarded: 'for=192.0.2.1' }), nobody, false],
  ['somebody elsewhere', asked('192.0.2.1'), nobody, false],
  ['an operator', asked('192.0.2.1'), async () => who({ key: 'o', rules: [] }, 'operator'), true],
  ['a coordinator', asked('192.0.2.1'), async () => who({ key: 'l', rules: [] }, 'lc'), false],
  ['who may read everything', asked('192.0.2.1'), async () => who('all'), true],
])('%s: %o', async (_who, request, callerOf, may) => {
  expect(await mayReadMetrics(request, callerOf, false)).toBe(may);
});

test('a trusted proxy on this machine is nobody, though it does not say for whom it asks', async () => {
  expect(await mayReadMetrics(asked('127.0.0.1'), nobody, true)).toBe(false);
  expect(await mayReadMetrics(asked('127.0.0.1'), async () => who('all'), true)).toBe(true);
});
