import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/kit/database.ts';
import type { Access, Act, RowCondition, Rule } from '../model/access.ts';
import type { Caller } from '../model/caller.ts';
import { typeNumber } from '../model/resource-types.ts';
import { RidAllocator, shardOfRid } from '../model/rid.ts';
import { mayAtAll, type PredicateOptions, permitted } from './predicate.ts';

let ms = Date.UTC(2026, 0, 1);
const allocator = new RidAllocator(
  () => ms++,
  () => 0.5,
);
const rid = (shard: number) => allocator.next(shard);

const ann = rid(5);
const bob = rid(6);
const course = rid(5);
const hospital = rid(0);
const other = rid(0);

/** Rows of `resource`: name, then what its access hangs on. */
const rows = {
  patient: { rid: ann, type: 'Patient', patient: ann, anchor: ann },
  course: { rid: course, type: 'EpisodeOfCare', patient: ann, anchor: course },
  response: { rid: rid(5), type: 'QuestionnaireResponse', patient: ann, anchor: course },
  // a client gave it an id of the server's form: it is in a shard that is not its patient's
  astray: { rid: rid(9), type: 'QuestionnaireResponse', patient: ann, anchor: course },
  ofHospital: { rid: rid(6), type: 'QuestionnaireResponse', patient: bob, anchor: hospital },
  ofOther: { rid: rid(6), type: 'QuestionnaireResponse', patient: bob, anchor: other },
  ward: { rid: rid(0), type: 'Location', patient: null, anchor: hospital },
  form: { rid: rid(0), type: 'Questionnaire', patient: null, anchor: null },
  loose: { rid: rid(0), type: 'QuestionnaireResponse', patient: null, anchor: null },
} as const;
type Name = keyof typeof rows;
const responses: Name[] = ['response', 'astray', 'ofHospital', 'ofOther', 'loose'];

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  for (const [name, row] of Object.entries(rows)) {
    await insert('resource', row, 2, name);
  }
  await database.pool.query(`insert into tie (shard, rid, label, given) values ($1, $2, 'Organization/h', false)`, [
    shardOfRid(course),
    course,
  ]);
});
afterAll(() => database.close());

async function insert(
  table: 'resource' | 'history',
  row: { rid: string; type: string; patient: string | null; anchor: string | null },
  version: number,
  name: string,
): Promise<void> {
  const present = table === 'resource' ? [', present', ", ''"] : ['', ''];
  await database.pool.query(
    `insert into ${table} (shard, type, version, rid, updated, deleted, id, content, patient, anchor${present[0]})
     values ($1, $2, $3, $4, 0, false, $5, '{}', $6, $7${present[1]})`,
    [shardOfRid(row.rid), typeNumber(row.type), version, row.rid, name, row.patient, row.anchor],
  );
}

const everything = ['Patient', 'EpisodeOfCare', 'QuestionnaireResponse', 'Location', 'Questionnaire'];

function callerWith(...rules: Partial<Rule>[]): Caller {
  const access: Access = {
    key: JSON.stringify(rules),
    rules: rules.map((rule) => ({ types: everything, acts: ['read'], ...rule })),
  };
  return { name: 'c', kind: 'client', access };
}

function sqlFor(caller: Caller, act: Act, alias: string, options?: PredicateOptions) {
  const values: unknown[] = [];
  const sql = permitted(caller, act, alias, (value, type) => `$${values.push(value)}::${type}`, options);
  return { sql, values };
}

/** The names of the rows of `resource` (of a type) that a caller may read; fails where the predicate is null for a row. */
async function readable(caller: Caller, type?: string): Promise<Name[]> {
  return found('resource', caller, type === undefined ? {} : { type });
}

/** The same whether rows are looked at one by one or as many at once. */
async function found(table: 'resource' | 'history', caller: Caller, options: PredicateOptions): Promise<Name[]> {
  const names = await foundBy(table, caller, options);
  expect(await foundBy(table, caller, { ...options, many: true })).toEqual(names);
  return names;
}

async function foundBy(table: 'resource' | 'history', caller: Caller, options: PredicateOptions): Promise<Name[]> {
  const { sql, values } = sqlFor(caller, 'read', 'x', options);
  const { type } = options;
  const ofType = type === undefined ? '' : `where x.type = ${typeNumber(type)}`;
  const result = await database.pool.query<{ id: Name; may: boolean | null }>(
    `select x.id, ${sql} as may from ${table} x ${ofType} order by x.rid`,
    values,
  );
  expect(result.rows.map((row) => typeof row.may)).toEqual(result.rows.map(() => 'boolean'));
  const names = result.rows.filter(({ may }) => may).map(({ id }) => id);
  return (Object.keys(rows) as Name[]).filter((name) => names.includes(name));
}

const condition = (sql: string): RowCondition => ({ key: sql, sql: () => sql, holds: () => true });

test('a caller with all access sees every row, one with none no row', async () => {
  expect(sqlFor({ name: 's', kind: 'system', access: 'all' }, 'read', 'x')).toEqual({ sql: 'true', values: [] });
  expect(sqlFor({ name: 'n', kind: 'client', access: 'none' }, 'read', 'x')).toEqual({ sql: 'false', values: [] });
});

test('without a rule, or with rules that can hold for nothing, nothing is seen', async () => {
  for (const caller of [
    callerWith(),
    callerWith({ types: [] }),
    callerWith({ types: ['NoSuchType'] }),
    callerWith({ acts: [] }),
    callerWith({ acts: ['search', 'create', 'update', 'delete'] }),
    callerWith({ ties: { labels: [], anchors: [] } }),
  ]) {
    expect(sqlFor(caller, 'read', 'x')).toEqual({ sql: 'false', values: [] });
    expect(mayAtAll(caller, 'read', 'Patient')).toBe(false);
  }
});

test('a rule without ties reaches every resource of its types', async () => {
  expect(await readable(callerWith({}))).toEqual(Object.keys(rows));
  expect(await readable(callerWith({ types: ['Questionnaire', 'Location'] }))).toEqual(['ward', 'form']);
  expect(await readable(callerWith({ types: ['QuestionnaireResponse'] }))).toEqual(responses);
});

test('a tie of the anchor is enough, in whatever shard the row is', async () => {
  const caller = callerWith({ ties: { labels: ['Organization/x', 'Organization/h'], anchors: [] } });
  expect(await readable(caller)).toEqual(['course', 'response', 'astray']);
  expect(await readable(callerWith({ ties: { labels: ['Organization/other'], anchors: [] } }))).toEqual([]);
  expect(await readable(callerWith({ ties: { labels: ['Organization/'], anchors: [] } }))).toEqual([]);
});

test('an anchor itself is enough', async () => {
  const caller = callerWith({ ties: { labels: [], anchors: [hospital] } });
  expect(await readable(caller)).toEqual(['ofHospital', 'ward']);
  const both = callerWith({ ties: { labels: ['Organization/h'], anchors: [other, hospital] } });
  expect(await readable(both)).toEqual(['course', 'response', 'astray', 'ofHospital', 'ofOther', 'ward']);
});

test("a patient's rule reaches what is in the compartment, the Patient included, and nothing that is about nobody", async () => {
  expect(await readable(callerWith({ patient: ann }))).toEqual(['patient', 'course', 'response', 'astray']);
  expect(await readable(callerWith({ patient: bob }))).toEqual(['ofHospital', 'ofOther']);
  expect(await readable(callerWith({ patient: null as unknown as string }))).toEqual([]);
});

test('all parts of a rule must hold', async () => {
  const ties = { labels: ['Organization/h'], anchors: [hospital] };
  const either = callerWith({ where: [condition(`x.id = 'ward'`)] }, { where: [condition(`x.id = 'form'`)] });
  expect(await readable(either)).toEqual(['ward', 'form']);
  expect(await readable(callerWith({ types: ['QuestionnaireResponse'], ties, patient: bob }))).toEqual(['ofHospital']);
  expect(await readable(callerWith({ ties, where: [condition(`x.id like 'r%'`)] }))).toEqual(['response']);
  expect(
    await readable(callerWith({ ties, where: [condition(`x.id like 'r%'`), condition(`x.id like '%d'`)] })),
  ).toEqual([]);
});

test('one of several rules is enough', async () => {
  const caller = callerWith(
    { types: ['Questionnaire'] },
    { types: ['Patient'], patient: ann },
    { types: ['Location'], ties: { labels: [], anchors: [hospital] } },
    { types: ['QuestionnaireResponse'], acts: ['search'] },
  );
  expect(await readable(caller)).toEqual(['patient', 'ward', 'form']);
});

test('of a statement that is about one type, rules on other types fall away', async () => {
  const ties = { labels: ['Organization/h'], anchors: [hospital] };
  const caller = callerWith({ types: ['QuestionnaireResponse'], ties }, { types: ['Patient'] });
  expect(await readable(caller, 'QuestionnaireResponse')).toEqual(['response', 'astray', 'ofHospital']);
  expect(await readable(caller, 'Patient')).toEqual(['patient']);
  expect(await readable(caller, 'Location')).toEqual([]);
  expect(sqlFor(caller, 'read', 'x', { type: 'Location' }).sql).toBe('false');
  for (const rows of ['current', 'superseded'] as const) {
    const { sql } = sqlFor(caller, 'read', 'x', { type: 'Patient', rows });
    expect(sql).not.toContain('from tie');
    expect(sql).not.toMatch(/xc?\.type/);
  }
});

test('what a patient has restricted, the patient sees and nobody else', async () => {
  const ties = { labels: ['Organization/h'], anchors: [hospital, other] };
  const caller = callerWith({ ties });
  const before = await readable(caller);
  expect(before).toContain('astray');
  // of the course, though it names nobody: a Binary, a Task
  const silent = { rid: rid(0), type: 'Questionnaire', patient: null, anchor: course };
  await insert('resource', silent, 1, 'silent');
  const seesSilent = async (options: PredicateOptions = {}): Promise<boolean | undefined> => {
    const { sql, values } = sqlFor(caller, 'read', 'x', options);
    const text = `select ${sql} as may from resource x where x.id = 'silent'`;
    return (await database.pool.query<{ may: boolean }>(text, values)).rows[0]?.may;
  };
  expect(await seesSilent()).toBe(true);
  await database.pool.query('insert into restriction (shard, patient, since) values ($1, $2, 0)', [
    shardOfRid(ann),
    ann,
  ]);
  try {
    expect(await readable(caller)).toEqual(['ofHospital', 'ofOther', 'ward']);
    expect(await readable(callerWith({}))).toEqual(['ofHospital', 'ofOther', 'ward', 'form', 'loose']);
    expect(await readable(callerWith({ ties, patient: ann }))).toEqual([]);
    expect(await readable(callerWith({ patient: ann }))).toEqual(['patient', 'course', 'response', 'astray']);
    expect([await seesSilent(), await seesSilent({ evenRestricted: true })]).toEqual([false, true]);
  } finally {
    await database.pool.query('delete from restriction');
    await database.pool.query("delete from resource where id = 'silent'");
  }
});

test('a condition on rows that is null does not hold', async () => {
  expect(await readable(callerWith({ where: [condition('null::bool')] }))).toEqual([]);
  expect(await readable(callerWith({ where: [condition('x.anchor > 0 or null')] }))).not.toContain('loose');
});

test('a superseded version is seen where both it and the current version are', async () => {
  const history = {
    response: { ...rows.response },
    // what was at another hospital is at this one now, and the other way round
    ofHospital: { ...rows.ofHospital, anchor: other },
    ofOther: { ...rows.ofOther, anchor: hospital },
    form: { ...rows.form },
  };
  for (const [name, row] of Object.entries(history)) {
    await insert('history', row, 1, name);
  }
  const seen = (caller: Caller, type?: string) => found('history', caller, { rows: 'superseded', type });
  const ofHospital = callerWith({ ties: { labels: ['Organization/h'], anchors: [hospital] } });
  expect(await readable(ofHospital)).toContain('ofHospital');
  expect(await seen(ofHospital)).toEqual(['response']);
  expect(await seen(ofHospital, 'QuestionnaireResponse')).toEqual(['response']);
  expect(await seen(callerWith({ ties: { labels: [], anchors: [hospital, other] } }))).toEqual([
    'ofHospital',
    'ofOther',
  ]);
  expect(await seen(callerWith({}))).toEqual(['response', 'ofHospital', 'ofOther', 'form']);
  expect(await seen(callerWith({ types: ['Questionnaire'] }))).toEqual(['form']);
  expect(await seen(callerWith({ patient: bob }))).toEqual(['ofHospital', 'ofOther']);
});

test('where conditions on rows decide, superseded and planned versions are out of reach', async () => {
  const caller = callerWith({ where: [condition('true')] });
  expect(sqlFor(caller, 'read', 'x', { rows: 'superseded' }).sql).toBe('false');
  expect(sqlFor(caller, 'read', 'x', { rows: 'planned' }).sql).toBe('false');
  expect(sqlFor(caller, 'read', 'x').sql).not.toBe('false');
  expect(sqlFor(callerWith({ where: [] }), 'read', 'x', { rows: 'planned' }).sql).not.toBe('false');
});

test('the text depends on the shape of the rules alone, and rules that reach the same are one', () => {
  const rule = (label: string, anchor: string): Partial<Rule> => ({ ties: { labels: [label], anchors: [anchor] } });
  const one = sqlFor(callerWith(rule('Organization/a', '1')), 'read', 'x');
  const two = sqlFor(callerWith(rule('Organization/b', '2')), 'read', 'x');
  expect(two.sql).toBe(one.sql);
  expect(two.values).toEqual([everything.map(typeNumber), ['2'], ['Organization/b']]);
  expect(one.sql).not.toContain('Organization');
  const conditions = callerWith(
    { types: ['Patient'], where: [condition('true')] },
    { types: ['Location'], where: [condition('true')] },
  );
  expect(sqlFor(conditions, 'read', 'x').values).toEqual([[typeNumber('Patient')], [typeNumber('Location')]]);
  const split = callerWith(...everything.map((type) => ({ ...rule('Organization/a', '1'), types: [type] })));
  expect(sqlFor(split, 'read', 'x')).toEqual(one);
});

test('whether a type may be touched at all follows from the rules on it and the act', () => {
  const caller = callerWith({ types: ['Patient'], patient: ann }, { types: ['Questionnaire'], acts: ['search'] });
  expect(mayAtAll(caller, 'read', 'Patient')).toBe(true);
  expect(mayAtAll(caller, 'search', 'Patient')).toBe(false);
  expect(mayAtAll(caller, 'read', 'Questionnaire')).toBe(false);
  expect(mayAtAll(caller, 'search', 'Questionnaire')).toBe(true);
  expect(mayAtAll(callerWith({ where: [condition('false')] }), 'read', 'Patient')).toBe(true);
  expect(mayAtAll({ ...caller, access: 'all' }, 'delete', 'Patient')).toBe(true);
  expect(mayAtAll({ ...caller, access: 'none' }, 'read', 'Patient')).toBe(false);
});
