import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await testServer({ identity: true, background: false, packages: false });
});
afterAll(() => server.close());

test('who has shown nothing may not ask for ever what is open to everybody', async () => {
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const answer = await fetch(server.url + path, { redirect: 'manual', ...init });
    await answer.text();
    return answer;
  };
  const forged = { headers: { authorization: 'Bearer forged' } };
  const statuses = new Set<number>();
  for (let round = 0; round < 60; round += 1) {
    const answers = await Promise.all(Array.from({ length: 21 }, () => ask('/auth/me', forged)));
    for (const { status } of answers) statuses.add(status);
  }
  expect([...statuses].sort()).toEqual([401, 429]);
  const refused = await Promise.all([
    ask('/auth/login', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
    ask('/fhir/R4/$graphql', { method: 'POST' }),
    ask('/sign-in'),
    ask('/account/new'),
    ask('/l'),
    ask('/order'),
  ]);
  expect(refused.map(({ status }) => status)).toEqual(Array(6).fill(429));
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await ask('/fhir/R4/metadata')).status).toBe(200);
});
