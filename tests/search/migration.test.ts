import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SearchKit, searchKit } from './kit.ts';

let kit: SearchKit;

beforeAll(async () => {
  kit = await searchKit();
  await kit.put([
    { resourceType: 'Location', id: 'bergen', position: { latitude: 60.3756, longitude: 5.3597, altitude: 12 } },
    { resourceType: 'Location', id: 'south', name: 'x', position: { latitude: -1.5e1, longitude: -0.1 } },
    { resourceType: 'Location', id: 'beyond', position: { latitude: 91, longitude: 5 } },
    { resourceType: 'Location', id: 'nowhere', name: 'x' },
    { resourceType: 'Patient', id: 'twin', multipleBirthBoolean: true, gender: 'male' },
    { resourceType: 'Patient', id: 'second', multipleBirthInteger: 2 },
    { resourceType: 'Patient', id: 'single', multipleBirthBoolean: false, telecom: [{ value: '1' }] },
    { resourceType: 'Patient', id: 'unknown', name: [{ text: '"multipleBirthBoolean":true' }] },
  ]);
});

afterAll(() => kit.close());

test('a database of the first version gets the rows that its Locations and Patients would have now', async () => {
  const query = async (sql: string) => (await kit.database.pool.query(sql)).rows;
  const ranges = "from range_idx where param = hashtextextended('Location.near', 0)::bit(32)::int4";
  const tokens = "from token_idx where param = hashtextextended('Patient.birthOrderBoolean', 0)::bit(32)::int4";
  const rows = async () => [
    await query(`select * ${ranges} order by rid`),
    await query(`select * ${tokens} order by rid`),
    await query(`select rid, encode(present, 'hex') as present from resource order by rid`),
  ];
  const now = await rows();
  expect([now[0]?.length, now[1]?.length]).toEqual([2, 3]);

  await query(`delete ${ranges}`);
  await query(`delete ${tokens}`);
  await query(`update resource set present = set_bit(present, 15, 0) where type = 71 and octet_length(present) > 1`);
  await query(`update resource set present = set_bit(present, 31, 0) where type = 103 and octet_length(present) > 3`);
  // The first version made bitmaps no longer than they had to be.
  await query(
    `update resource set present = substr(present, 1, 1) where type = 71 and get_byte(present, octet_length(present) - 1) = 0`,
  );
  expect(await rows()).not.toEqual(now);

  const migration = new URL('../../src/store/migrations/0002_position_and_multiple_birth.sql', import.meta.url);
  await query(`begin; ${await readFile(migration, 'utf8')}; commit`);
  expect(await rows()).toEqual(now);
});
