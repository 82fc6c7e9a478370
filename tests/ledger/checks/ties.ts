import type pg from 'pg';
import type { Engine } from '../../../src/interactions/engine.ts';
import { settlePatients } from '../../../src/interactions/settle-ties.ts';

const TIES = `select concat(t.rid, ' ', t.label) as tie from tie t
  join resource r on r.rid = t.rid and r.shard = t.shard where not r.deleted and not t.given`;

/** Compares ties with those that follow, made again, from what is stored, and looks for resources that hang on nothing. */
export async function checkTies(pool: pg.Pool, engine: Engine): Promise<string[]> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const ties = async (): Promise<Set<string>> =>
      new Set((await client.query<{ tie: string }>(TIES)).rows.map(({ tie }) => tie));
    const stored = await ties();
    await client.query('delete from tie where not given');
    const patients = await client.query<{ rid: string }>(
      'select rid from resource where patient = rid and not deleted',
    );
    await settlePatients(
      engine,
      client,
      patients.rows.map(({ rid }) => rid),
    );
    const made = await ties();
    await client.query('rollback');
    const loose = await client.query<{ rid: string }>(
      'select rid from resource where patient is not null and anchor is null',
    );
    return [
      ...[...made.difference(stored)].map((tie) => `the tie ${tie} is missing`),
      ...[...stored.difference(made)].map((tie) => `the tie ${tie} follows from nothing`),
      ...loose.rows.map(({ rid }) => `${rid} is about a patient and has no anchor`),
    ];
  } finally {
    client.release();
  }
}
