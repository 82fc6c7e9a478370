import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/kit/database.ts';
import { secretsOf } from '../runtime/secrets.ts';
import { endGrants, storeGrant } from './oauth/grants.ts';
import { standing } from './standing.ts';

const secrets = secretsOf(Buffer.alloc(32, 'secret of a test'));
const HOUR = 3_600_000;
let database: TestDatabase;
let now = Date.parse('2026-03-02T08:00:00Z');

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const grant = (id: string, session: string, client: string) =>
  storeGrant(
    database.pool,
    secrets,
    {
      ...{ id, session, client, account: 'a', fhirUser: 'Practitioner/p', strength: 'password', at: 0 },
      ...{ full: true, offline: false, context: {} },
    },
    now + HOUR,
  );

test('our own pages hold as their session does, an app as long as it is granted anything of that sign-in', async () => {
  const asked: string[][] = [];
  const stands = standing({
    db: database.pool,
    clock: { now: () => new Date(now) },
    sessions: {
      async attended(ids) {
        asked.push([...ids]);
        return new Set(['here']);
      },
    },
  });
  await grant('g1', 'gone', 'app');
  await grant('g2', 'gone', 'other');
  const own = { client: 'svar', session: 'here' };
  const left = { client: 'svar', session: 'gone' };
  const app = { client: 'app', session: 'gone' };
  const stranger = { client: 'app', session: 'here' };
  const all = [own, left, app, stranger];
  expect([...(await stands(all))]).toEqual([own, app]);
  expect(asked).toEqual([['here', 'gone']]);
  await endGrants(database.pool, { grant: 'g1' });
  expect([...(await stands(all))]).toEqual([own]);
  const other = { client: 'other', session: 'gone' };
  expect([...(await stands([other]))]).toEqual([other]);
  // MedplumClient without a client of its own: it has tokens, and never asks by the cookie
  await grant('g3', 'gone', 'svar');
  expect([...(await stands([left]))]).toEqual([left]);
  now += HOUR;
  expect([...(await stands([other, left]))]).toEqual([]);
});
