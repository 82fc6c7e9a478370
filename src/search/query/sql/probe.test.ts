import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../../tests/kit/database.ts';
import { systemCaller } from '../../../model/caller.ts';
import { r4SearchParameters } from '../../parameters/r4.ts';
import { searchParameterRegistry } from '../../parameters/registry.ts';
import { parseSearch } from '../parse.ts';
import { pageStatement } from './page-statement.ts';
import { Statement } from './statement.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});

afterAll(() => database?.close());

test('resources with one of many codes are collected once, not looked up by all codes for each resource', async () => {
  const codes = Array.from({ length: 500 }, (_, i) => `c${i}`).join(',');
  const request = parseSearch(searchParameterRegistry(r4SearchParameters()), 'Observation', [['code', codes]], {
    lenient: false,
    baseUrl: 'http://svar.test',
    now: new Date(0),
  });
  const bounds = { position: undefined, back: false, offset: 0, limit: 21 };
  const { text, values } = pageStatement(new Statement(systemCaller, '42'), request, { kind: 'type' }, bounds);
  const { rows } = await database.pool.query<{ 'QUERY PLAN': string }>(`explain ${text}`, [...(values ?? [])]);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toContain('hashed SubPlan');
  expect(plan).not.toContain('Join');
});
