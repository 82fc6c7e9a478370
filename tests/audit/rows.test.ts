import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

let server: TestServer;
let client: Rest;

beforeAll(async () => {
  server = await testServer({ packages: false });
  client = rest(server.base);
});
afterAll(() => server.close());

test('x', async () => {
  const made = await client.post<{ id: string }>('Patient', { resourceType: 'Patient' });
  expect(made.status).toBe(201);
  const got = await client.get(`Patient/${made.body.id}`);
  expect(got.status).toBe(200);
  await client.get(`Patient/${made.body.id}/$everything`);
  await client.get('Patient?_summary=count');
  await new Promise((r) => setTimeout(r, 200));
  console.log((await server.database.pool.query('select * from audit')).rows);
  console.log((await server.database.pool.query('select * from audit_seal')).rows);
});
