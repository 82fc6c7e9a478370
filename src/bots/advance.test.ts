import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from '../../tests/kit/fhir-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00', packages: false, background: false });
});

afterAll(() => server.close());

test.each([
  ['2026-03-02T07:59:59+01:00', 'only moves forward'],
  ['9999-12-31T23:59:59-01:00', 'ends with the year 9999'],
])('the test clock is not moved to %s', async (now, why) => {
  await expect(server.fhir.advance(new Date(now))).rejects.toThrow(why);
  expect(server.fhir.engine.clock.now().toISOString()).toBe('2026-03-02T07:00:00.000Z');
});

test('it moves to its end', async () => {
  await server.fhir.advance(new Date('9999-12-31T23:59:59Z'));
  expect(server.fhir.engine.clock.now().toISOString()).toBe('9999-12-31T23:59:59.000Z');
});
