import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../src/model/caller.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await testServer({ identity: true });
}, 120_000);
afterAll(() => server.close());

const basic = (client: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}`,
});

async function rows(): Promise<Record<string, unknown>[]> {
  await new Promise((resolve) => setTimeout(resolve, 100));
  return (await server.database.pool.query('select interaction, status, patient from audit order by chain, n')).rows;
}

test('who shows no credentials or wrong ones is turned away, counted, and told by some rows without a name', async () => {
  const before = (await rows()).length;
  const asked = [{}, basic('demo-ehr', 'wrong'), { authorization: 'Bearer made-up' }];
  for (const headers of asked) {
    const answer = await fetch(`${server.base}/Patient/x`, { headers });
    expect([answer.status, answer.headers.get('www-authenticate') !== null]).toEqual([401, true]);
  }
  expect(server.fhir.audit.refusals.get(401)).toBe(asked.length);
  const added = (await rows()).slice(before);
  expect(added).toEqual(asked.map(() => expect.objectContaining({ status: 401, patient: null })));
});

test('who is turned away at sign-in, or asks for a token with a wrong secret or code, is counted too', async () => {
  const before = server.fhir.audit.refusals.get(401) ?? 0;
  const form = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(server.url + path, {
      method: 'POST',
      headers: { origin: server.url, 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  const login = { email: 'lc', password: 'wrong', codeChallengeMethod: 'S256', codeChallenge: 'x'.repeat(43) };
  const refused = await Promise.all([
    form('/sign-in', { action: 'password', login: 'lu', password: 'wrong' }),
    fetch(`${server.url}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(login),
    }),
    form('/oauth2/token', { grant_type: 'client_credentials' }, basic('demo-ehr', 'wrong')),
    form('/oauth2/token', { grant_type: 'refresh_token', refresh_token: 'made-up', client_id: 'svar' }),
    form('/l', {}),
  ]);
  expect(refused.map(({ status }) => status)).toEqual([400, 400, 401, 400, 404]);
  expect(server.fhir.audit.refusals.get(401)).toBe(before + refused.length);
});

test('what a system does is audited as its own', async () => {
  const headers = { ...basic('demo-ehr', 'demo'), 'content-type': 'application/fhir+json' };
  const made = await fetch(`${server.base}/Patient`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ resourceType: 'Patient' }),
  });
  expect(made.status).toBe(201);
  const { id } = (await made.json()) as { id: string };
  expect((await fetch(`${server.base}/Patient/${id}`, { headers })).status).toBe(200);
  expect((await rows()).slice(-2)).toEqual([
    expect.objectContaining({ interaction: 8, status: 201 }),
    expect.objectContaining({ interaction: 1, status: 200 }),
  ]);
});

test('whoever is known and asks too often leaves a row each time, however often that is', async () => {
  const known: Caller = {
    name: 'person p',
    kind: 'client',
    access: 'none',
    agent: { who: 'Practitioner/p', client: 'svar', role: 'lu', strength: 'password' },
  };
  const refused = async () => (await rows()).filter(({ status }) => status === 429).length;
  const before = await refused();
  for (let n = 0; n < 50; n += 1) server.fhir.audit.refused(429, known);
  await expect.poll(refused).toBe(before + 50);
});
