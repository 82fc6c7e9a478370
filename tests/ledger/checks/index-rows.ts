import type pg from 'pg';
import type { Engine } from '../../../src/interactions/engine.ts';
import { bitmap, postings } from '../../../src/interactions/postings.ts';
import { typeName } from '../../../src/model/resource-types.ts';
import { ridOfId, shardOfRid } from '../../../src/model/rid.ts';
import type { CurrentRow, Stored } from './stored.ts';

/**
 * Compares everything that resources are found by with what a full scan of their content makes it.
 * @returns missing and stray rows
 */
export async function checkIndexRows(pool: pg.Pool, engine: Engine, { current }: Stored): Promise<string[]> {
  const faults: string[] = [];
  const wanted = new Map<string, string>();
  const locators = new Map(
    current.filter((row) => row.clientId !== null).map((row) => [`${row.type}/${row.clientId}`, row.rid]),
  );
  for (const row of current) {
    const name = `${row.type}/${row.id}`;
    if (row.shard !== shardOfRid(row.rid)) {
      faults.push(`${name} is in the shard ${row.shard}`);
    }
    if (row.resource === undefined) {
      if (row.present.length > 0 || row.date !== null) {
        faults.push(`${name} is deleted, but has a date or parameters`);
      }
      continue;
    }
    const rows = engine.definitions().extract(row.resource);
    for (const [key, count] of counted(postings(rows, engine.hashSeed), row)) {
      wanted.set(key, `${count} for ${name}`);
    }
    if (!bitmap(rows.present).equals(trimmed(row.present))) {
      faults.push(`${name}: the parameters that have a value are not those of its content`);
    }
    if ((rows.date === undefined ? null : String(Math.round(rows.date))) !== row.date) {
      faults.push(`${name}: its date is ${row.date}, not ${rows.date}`);
    }
    if (row.patient !== patientOf(engine, row, locators)) {
      faults.push(`${name}: its patient is ${row.patient}, not ${patientOf(engine, row, locators)}`);
    }
  }
  for (const [key, count] of await present(pool)) {
    const expected = wanted.get(key);
    if (expected?.startsWith(`${count} for`)) {
      wanted.delete(key);
    } else {
      faults.push(`${count} index rows ${key}, where there should be ${expected ?? 'none'}`);
      wanted.delete(key);
    }
  }
  faults.push(...[...wanted].map(([key, expected]) => `the index row ${key} is missing (${expected})`));
  faults.push(...(await checkLocators(pool, locators)));
  return faults;
}

/** How often each row has to stand in the tables. */
function counted({ tokens, ranges, strings }: ReturnType<typeof postings>, { rid }: CurrentRow): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (key: string): void => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  const shard = shardOfRid(rid);
  for (const { h, param } of tokens) {
    add(`token ${h} ${rid} ${param} ${shard}`);
  }
  for (const { h, param, lo, hi } of ranges) {
    add(`range ${h} ${rid} ${param} ${shard} ${lo} ${hi}`);
  }
  for (const { h, param, value, exact } of strings) {
    add(`string ${h} ${rid} ${param} ${shard} ${JSON.stringify([value, exact])}`);
  }
  return counts;
}

async function present(pool: pg.Pool): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const add = (key: string): void => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  interface Posting {
    h: string;
    rid: string;
    param: number;
    shard: number;
  }
  for (const row of (await pool.query<Posting>('select * from token_idx')).rows) {
    add(`token ${row.h} ${row.rid} ${row.param} ${row.shard}`);
  }
  for (const row of (await pool.query<Posting & { lo: number; hi: number }>('select * from range_idx')).rows) {
    add(`range ${row.h} ${row.rid} ${row.param} ${row.shard} ${row.lo} ${row.hi}`);
  }
  const strings = await pool.query<Posting & { value: string; exact: string | null }>('select * from string_idx');
  for (const row of strings.rows) {
    const texts = JSON.stringify([row.value, row.exact ?? row.value]);
    add(`string ${row.h} ${row.rid} ${row.param} ${row.shard} ${texts}`);
  }
  return counts;
}

function patientOf(engine: Engine, row: CurrentRow, locators: ReadonlyMap<string, string>): string | null {
  if (row.type === 'Patient') {
    return row.rid;
  }
  const id = row.resource && engine.definitions().patientOf(row.resource);
  return id === undefined ? null : (locators.get(`Patient/${id}`) ?? ridOfId(id) ?? null);
}

async function checkLocators(pool: pg.Pool, wanted: ReadonlyMap<string, string>): Promise<string[]> {
  const { rows } = await pool.query<{ type: number; id: string; rid: string }>('select * from locator');
  const found = new Map(rows.map((row) => [`${typeName(row.type)}/${row.id}`, row.rid]));
  return [...new Set([...found.keys(), ...wanted.keys()])]
    .filter((name) => found.get(name) !== wanted.get(name))
    .map((name) => `${name} is located at ${found.get(name)} instead of ${wanted.get(name)}`);
}

/** Without the zero bytes at its end, which mean nothing. */
function trimmed(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) {
    end -= 1;
  }
  return bytes.subarray(0, end);
}
