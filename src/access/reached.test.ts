import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/kit/database.ts';
import type { Rule } from '../model/access.ts';
import type { Caller } from '../model/caller.ts';
import { typeNumber } from '../model/resource-types.ts';
import { RidAllocator, shardOfRid } from '../model/rid.ts';
import { reachedRids, tiesInReach } from './reached.ts';

const allocator = new RidAllocator(
  () => Date.UTC(2026, 0, 1),
  () => 0.5,
);
const [ann, course, hospital] = [allocator.next(5), allocator.next(5), allocator.next(0)];

const rows: readonly (readonly [name: string, type: string, patient: string | null, anchor: string | null])[] = [
  ['response', 'QuestionnaireResponse', ann, course],
  ['observation', 'Observation', ann, course],
  ['ward', 'Location', null, hospital],
  ['loose', 'Observation', null, null],
];

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  for (const [name, type, patient, anchor] of rows) {
    const rid = allocator.next(5);
    await database.pool.query(
      `insert into resource (shard, type, version, rid, updated, deleted, id, content, patient, anchor, present)
       values ($1, $2, 1, $3, 0, false, $4, '{}', $5, $6, '')`,
      [shardOfRid(rid), typeNumber(type), rid, name, patient, anchor],
    );
  }
  await database.pool.query(`insert into tie (shard, rid, label, given) values ($1, $2, 'Organization/h', true)`, [
    shardOfRid(course),
    course,
  ]);
});
afterAll(() => database.close());

const caller = (...rules: Partial<Rule>[]): Caller => ({
  name: 'c',
  kind: 'client',
  access: {
    key: JSON.stringify(rules),
    rules: rules.map((rule) => ({
      types: ['QuestionnaireResponse', 'Observation', 'Location'],
      acts: ['search'],
      ...rule,
    })),
  },
});

/** The names of what is reached, or undefined where that has no bounds. */
async function reached(who: Caller, ...types: string[]): Promise<readonly string[] | undefined> {
  const values: unknown[] = [];
  const sql = reachedRids(who, 'search', types, (value, type) => `$${values.push(value)}::${type}`);
  if (sql === undefined) {
    return undefined;
  }
  const found = await database.pool.query<{ id: string }>(
    `select id from resource where rid in (select rid from (${sql}) a) order by id`,
    values,
  );
  return found.rows.map(({ id }) => id);
}

const ties = { labels: ['Organization/h', 'Organization/x'], anchors: [hospital] };

test('what hangs on an anchor, or on one that is tied, is reached', async () => {
  expect(await reached(caller({ ties }))).toEqual(['observation', 'response', 'ward']);
  expect(await reached(caller({ ties: { ...ties, anchors: [] } }))).toEqual(['observation', 'response']);
  expect(await reached(caller({ ties: { ...ties, labels: [] } }))).toEqual(['ward']);
});

test("what is a patient's is reached, whatever else limits the rule", async () => {
  expect(await reached(caller({ patient: ann }))).toEqual(['observation', 'response']);
  expect(await reached(caller({ patient: ann, ties }))).toEqual(['observation', 'response']);
  expect(await reached(caller({ patient: hospital }))).toEqual([]);
});

test('only what is of the types that are asked, and of those of the rule', async () => {
  expect(await reached(caller({ ties }), 'Observation')).toEqual(['observation']);
  expect(await reached(caller({ ties }), 'Observation', 'Location')).toEqual(['observation', 'ward']);
  expect(await reached(caller({ ties, types: ['Observation'] }))).toEqual(['observation']);
  expect(await reached(caller({ ties, types: ['Observation'] }), 'Observation', 'Location')).toEqual(['observation']);
});

test('a condition on rows bounds nothing, and takes nothing away', async () => {
  const where = [{ key: 'never', sql: () => 'false', holds: () => false }];
  expect(await reached(caller({ ties, where }))).toEqual(['observation', 'response', 'ward']);
  expect(await reached(caller({ where }))).toBeUndefined();
  expect(await reached(caller({ ties, types: ['Location'] }, { patient: ann }), 'Observation')).toEqual([
    'observation',
  ]);
});

test('what several rules reach comes together', async () => {
  expect(await reached(caller({ patient: ann, types: ['Observation'] }, { ties, types: ['Location'] }))).toEqual([
    'observation',
    'ward',
  ]);
});

test('there are no bounds where a rule has none, and none to go through where nothing is allowed', async () => {
  expect(await reached(caller({ ties }, { types: ['Location'] }))).toBeUndefined();
  expect(await reached(caller({ ties }, { types: ['Location'] }), 'Location')).toBeUndefined();
  expect(await reached(caller({ ties }, { types: ['Location'] }), 'Observation')).toEqual(['observation']);
  expect(await reached({ ...caller(), access: 'all' })).toBeUndefined();
  expect(await reached({ ...caller(), access: 'none' })).toBeUndefined();
  expect(await reached(caller())).toBeUndefined();
  expect(await reached(caller({ ties, acts: ['read'] }))).toBeUndefined();
  expect(await reached(caller({ ties }), 'Patient')).toBeUndefined();
});

test('the ties that reach some types are those of all rules about them, and of no other', () => {
  const labelsFor = (who: Caller, ...types: string[]) => {
    const values: unknown[] = [];
    const sql = tiesInReach(who, 'search', types, (value, type) => `$${values.push(value)}::${type}`);
    return sql === undefined ? undefined : [sql, ...values];
  };
  const ties = (...labels: string[]) => ({ ties: { labels, anchors: [] } });
  const who = caller(
    { types: ['Observation', 'Location'], ...ties('Organization/h') },
    { types: ['Observation'], ...ties('ResearchStudy/a', 'ResearchStudy/b') },
    { types: ['Questionnaire'] },
    { types: ['Task'], acts: ['read'], ...ties('Organization/t') },
  );
  const sql = 'select 1 from tie where tie.label = any($1::text[])';
  expect(labelsFor(who, 'Observation')).toEqual([sql, ['Organization/h', 'ResearchStudy/a', 'ResearchStudy/b']]);
  expect(labelsFor(who, 'Location', 'Questionnaire')).toEqual([sql, ['Organization/h']]);
  expect(labelsFor(who)).toEqual([sql, ['Organization/h', 'ResearchStudy/a', 'ResearchStudy/b']]);
  expect(labelsFor(who, 'Questionnaire')).toBeUndefined();
  expect(labelsFor(who, 'Task')).toBeUndefined();
  for (const access of ['all', 'none'] as const) {
    expect(labelsFor({ name: 'x', kind: 'client', access })).toBeUndefined();
  }
});
