import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../tests/kit/database.ts';
import { secretsOf } from '../../runtime/secrets.ts';
import { rateLimits } from './rate-limits.ts';

const secrets = secretsOf(Buffer.alloc(32, 'secret of a test'));
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('processes on one database count together, each name and each limit for itself', async () => {
  const [one, other] = [rateLimits(database.pool, secrets), rateLimits(database.pool, secrets)];
  const limit = { name: 'a test', times: 3, within_s: 60 };
  const answers = await Promise.all([one, other, one, other, one].map((limits) => limits.exceeded(limit, 'kari')));
  expect(answers.filter((wait) => wait === undefined)).toHaveLength(3);
  for (const wait of answers.filter((each) => each !== undefined)) {
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60_000);
  }
  expect(await other.exceeded(limit, 'ola')).toBeUndefined();
  expect(await other.exceeded({ ...limit, name: 'another' }, 'kari')).toBeUndefined();
});

test('who is counted does not stand in the database', async () => {
  await rateLimits(database.pool, secrets).exceeded({ name: 'names', times: 1, within_s: 60 }, 'kari.nordmann');
  const { rows } = await database.pool.query<{ key: string }>('select key from rate_limit');
  expect(rows.map(({ key }) => key).join()).not.toContain('kari');
});
