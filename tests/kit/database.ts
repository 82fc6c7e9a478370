import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** An empty, migrated database of a test's own. */
export interface TestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Ends the pool and drops the database, whoever else is still connected to it. */
  close(): Promise<void>;
}

/** Clones the run's template database (some 50 ms): for each test file, or each test that must be alone. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `svar_test_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${name} template ${inject('template')}`);
  const url = new URL(inject('serverUrl'));
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 10 });
  // pool.end() does not wait for its connections to close, and dropping the database would break off those still open.
  const closed: Promise<unknown>[] = [];
  pool.on('connect', (client) => {
    client.on('error', () => undefined); // a test may end a connection at work
    closed.push(new Promise((resolve) => client.once('end', resolve)));
  });
  return {
    url: url.href,
    pool,
    async close() {
      await pool.end();
      await Promise.all(closed);
      await administer(`drop database if exists ${name} with (force)`);
    },
  };
}

async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('serverUrl') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
