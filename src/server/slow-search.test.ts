import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from '../../tests/kit/fhir-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await testServer({ packages: false });
});

afterAll(() => server.close());

test('what only reads has a limit of time in the database, units of work wait for locks as long as they need', async () => {
  const limit = async (pool: { query(text: string): Promise<{ rows: { statement_timeout: string }[] }> }) =>
    (await pool.query('show statement_timeout')).rows[0]?.statement_timeout;
  expect(await limit(server.fhir.engine.readers)).toBe('10s');
  expect(await limit(server.fhir.engine.pool)).toBe('0');
});
