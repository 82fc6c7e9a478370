import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from './fhir-server.ts';
import { rest } from './rest.ts';
import { basic, signedIn, signedInAs } from './sign-in.ts';

let server: TestServer;

beforeAll(async () => {
  server = await testServer({ identity: true, background: false });
});

afterAll(() => server.close());

const statusOf = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
  (await rest(server.base).get(path, headers)).status;

test('nobody may read but what tells how to sign in', async () => {
  expect(await statusOf('Patient')).toBe(401);
  expect(await statusOf('Patient/demo-patient')).toBe(401);
  expect(await statusOf('metadata')).toBe(200);
});

test('systems of the demo are known by their secret', async () => {
  expect(await statusOf('Patient/demo-patient', basic('demo-admin'))).toBe(200);
  expect(await statusOf('Patient', basic('demo-ehr'))).toBe(200);
  expect(await statusOf('Patient', basic('demo-ehr', 'wrong'))).toBe(401);
});

test.each(['lu', 'lc', 'lu2', 'sc'])('%s of the demo signs in', async (login) => {
  expect(await statusOf('Patient', await signedIn(server, login))).toBe(200);
});

test('a patient reads their own record, and nobody else does so in their name', async () => {
  expect(await statusOf('Patient/demo-patient', await signedIn(server, 'patient'))).toBe(200);
  expect(await statusOf('Patient/demo-patient', await signedInAs(server, { fhirUser: 'Patient/other' }))).not.toBe(200);
});
