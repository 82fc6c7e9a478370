import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';

const MIGRATIONS = path.join(import.meta.dirname, 'migrations');

/** Any constant: who migrates holds this advisory lock. */
const LOCK = 0x5_7a11;

interface Migration {
  readonly name: string;
  readonly checksum: string;
  readonly sql: string;
}

export interface MigrateOptions {
  readonly log?: (message: string) => void;
  /** Where the numbered SQL files are. */
  readonly folder?: string;
}

/** The database and this code do not belong together: it is newer than the code, or made by files that are not ours. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/**
 * Brings a database to this code's schema: runs the SQL files of `migrations/` that it has not seen, in order of their
 * names, each in a transaction of its own, under an advisory lock (of several processes one does the work, the others
 * wait). Then sees to it that the database has its hash seed and its secret for page tokens.
 *
 * Rejects with SchemaError, having changed nothing, if the database has a migration that this code does not know (its
 * data folder was used by a newer Svar), or one whose file has changed since.
 */
export async function migrate(pool: pg.Pool, options: MigrateOptions = {}): Promise<void> {
  const known = await readMigrations(options.folder ?? MIGRATIONS);
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query(
      'create table if not exists migration (name text primary key, checksum text not null, applied timestamptz not null default now())',
    );
    const { rows } = await client.query<{ name: string; checksum: string }>('select name, checksum from migration');
    const applied = new Map(rows.map((row) => [row.name, row.checksum]));
    refuseStrangers(known, applied);
    for (const migration of known) {
      if (applied.has(migration.name)) continue;
      options.log?.(`migrating the database: ${migration.name}`);
      await apply(client, migration);
    }
    await addSetting(client, 'hash_seed', () => randomBytes(8).readBigInt64LE().toString());
    await addSetting(client, 'token_secret', () => randomBytes(32).toString('hex'));
  } finally {
    // The lock ends with its session; a client that may still hold it must not go back to the pool.
    const unlocked = await client.query('select pg_advisory_unlock($1)', [LOCK]).then(
      () => true,
      () => false,
    );
    client.release(!unlocked);
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (file) => {
      const sql = await readFile(path.join(folder, file), 'utf8');
      return { name: path.basename(file, '.sql'), checksum: createHash('sha256').update(sql).digest('hex'), sql };
    }),
  );
}

function refuseStrangers(known: readonly Migration[], applied: ReadonlyMap<string, string>): void {
  const ours = new Map(known.map((migration) => [migration.name, migration.checksum]));
  for (const [name, checksum] of applied) {
    if (!ours.has(name)) {
      throw new SchemaError(
        `The database has a newer schema than this version of Svar knows (migration ${name}). ` +
          'Start the version that last used it, or a newer one. Nothing was changed.',
      );
    }
    if (ours.get(name) !== checksum) {
      throw new SchemaError(
        `The database was made by another version of migration ${name} than this Svar has. ` +
          'Use the version that made it, or start with an empty database. Nothing was changed.',
      );
    }
  }
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(migration.sql);
    await client.query('insert into migration (name, checksum) values ($1, $2)', [migration.name, migration.checksum]);
    await client.query('commit');
  } catch (problem) {
    await client.query('rollback').catch(() => {});
    throw new SchemaError(`Migration ${migration.name} failed: ${(problem as Error).message}`, { cause: problem });
  }
}

async function addSetting(client: pg.PoolClient, name: string, value: () => string): Promise<void> {
  await client.query('insert into setting (name, value) values ($1, $2) on conflict (name) do nothing', [
    name,
    value(),
  ]);
}
