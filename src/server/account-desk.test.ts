import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/kit/database.ts';
import { secretsOf } from '../runtime/secrets.ts';
import { type AccountDesk, accountDesk } from './account-desk.ts';

let database: TestDatabase;
let desk: AccountDesk;

beforeAll(async () => {
  database = await testDatabase();
  const secrets = secretsOf(Buffer.alloc(32, 'secret of a test'));
  desk = accountDesk(database.pool, secrets, { sessionIdleMinutes: 30, sessionHours: 12 });
});
afterAll(() => database.close());

test('adds, lists, locks and unlocks, and gives a new password in place of everything', async () => {
  const { temporary } = await desk.add({ login: 'Kari.N', fhirUser: 'Practitioner/p7', mobile: '+4790000030' });
  expect(temporary).toMatch(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/);
  const [account] = await desk.list();
  expect(account).toMatchObject({ login: 'kari.n', state: 'active', mobile: true, totp: false, ready: false });
  await desk.lock('KARI.n');
  expect((await desk.list())[0]?.state).toBe('locked');
  await desk.unlock('kari.n');
  expect((await desk.list())[0]?.state).toBe('active');
  expect(await desk.resetPassword('kari.n')).not.toBe(temporary);
});

test.each([
  ['a login name that is taken', { login: 'kari.n', fhirUser: 'Practitioner/p8' }, /this login name already/],
  ['a login name that cannot be', { login: 'x y', fhirUser: 'Practitioner/p8' }, /2 to 64 letters/],
  ['somebody who is no person', { login: 'robot', fhirUser: 'Device/d' }, /belongs to a person/],
  ['a telephone without its country', { login: 'ola', fhirUser: 'Patient/p', mobile: '90000000' }, /country code/],
])('refuses %s, in words for the operator', async (_what, given, problem) => {
  const failure: unknown = await desk.add(given).catch((error: unknown) => error);
  expect(failure).toMatchObject({ constructor: Error, message: expect.stringMatching(problem) });
});

test('says that there is no such account', async () => {
  for (const act of [desk.lock, desk.unlock, desk.resetPassword]) {
    await expect(act('nobody')).rejects.toThrow(/There is no account nobody/);
  }
});
