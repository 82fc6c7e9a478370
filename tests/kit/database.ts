import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** A database of a test's own, from one that was migrated. */
export interface TestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Ends the pool and drops the database, whoever else is still connected to it. */
  close(): Promise<void>;
}

/** What test databases may begin with. */
export interface Contents {
  /** Databases that are filled under one name in a test run hold the same. */
  readonly name: string;
  /** Fills an empty, migrated database; leaves no connection to it open but the pool's. */
  fill(database: TestDatabase): Promise<void>;
}

/**
 * Clones a database (some 20 ms): for each test file, or each test that must be alone.
 * @param contents what it begins with; it is filled by the first that asks in the test run. Empty where not given
 */
export async function testDatabase(contents?: Contents): Promise<TestDatabase> {
  const name = `svar_test_${randomBytes(6).toString('hex')}`;
  await clone(name, contents === undefined ? inject('template') : await filled(contents));
  return opened(name);
}

function opened(name: string): TestDatabase & { readonly end: () => Promise<void> } {
  const url = new URL(inject('serverUrl'));
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 10 });
  // pool.end() does not wait for its connections to close, and dropping the database would break off those still open.
  const closed: Promise<unknown>[] = [];
  pool.on('connect', (client) => {
    client.on('error', () => undefined); // a test may end a connection at work
    closed.push(new Promise((resolve) => client.once('end', resolve)));
  });
  const end = async () => {
    await pool.end();
    await Promise.all(closed);
  };
  return {
    url: url.href,
    pool,
    end,
    async close() {
      await end();
      await administer((db) => db.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** @returns the name of a database to clone, which begins as that of the run's template: it is dropped with it */
async function filled({ name, fill }: Contents): Promise<string> {
  const template = `${inject('template')}_${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;
  await administer(async (db) => {
    const isThere = async () =>
      (await db.query('select 1 from pg_database where datname = $1', [template])).rowCount !== 0;
    if (await isThere()) return;
    await db.query('select pg_advisory_lock(16, hashtext($1))', [template]); // ends with the connection
    if (await isThere()) return;
    const making = `${template}_making`;
    await db.query(`drop database if exists ${making} with (force)`); // left by a test that was killed
    await clone(making, inject('template'));
    const database = opened(making);
    await fill(database).finally(() => database.end());
    await db.query(`alter database ${making} rename to ${template}`);
  });
  return template;
}

/** By its files: through the log, which is the default, it takes five times as long. */
async function clone(name: string, template: string): Promise<void> {
  await administer((db) => db.query(`create database ${name} template ${template} strategy file_copy`));
}

async function administer(work: (db: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: inject('serverUrl') });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
