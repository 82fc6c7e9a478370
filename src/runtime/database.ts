import type pg from 'pg';
import type { Log } from './log.ts';
import { openPool, PLANNING } from './pool.ts';
import { startPostgres } from './postgres.ts';
import type { Settings } from './settings.ts';

const VERSION_MIN = 15;

/** A process's database: the one of DATABASE_URL, else the embedded one. */
export interface Database {
  readonly url: string;
  /** Half of the connections: for units of work. The other half are the readers' and the merger's. */
  readonly pool: pg.Pool;
  /** Ends the pool, and the embedded server if nobody else uses it. */
  stop(): Promise<void>;
}

/**
 * Opens the database of the settings. Rejects with words for the operator if it cannot be reached, or is older than
 * PostgreSQL 15, or does not store UTF-8.
 */
export async function openDatabase(settings: Settings, log: Log): Promise<Database> {
  const embedded = settings.databaseUrl
    ? undefined
    : await startPostgres({ dataDir: settings.dataDir, log: (message) => log.info(message) });
  const url = embedded?.url ?? settings.databaseUrl ?? '';
  const pool = openPool(
    {
      connectionString: url,
      max: Math.ceil(settings.databaseConnections / 2),
      application_name: 'svar',
      options: PLANNING,
    },
    log,
  );
  const stop = async (): Promise<void> => {
    await pool.end();
    await embedded?.stop();
  };
  try {
    await check(pool);
  } catch (problem) {
    await stop();
    throw problem;
  }
  return { url, pool, stop };
}

async function check(pool: pg.Pool): Promise<void> {
  const { rows } = await pool
    .query<{ version: number; encoding: string }>(
      "select current_setting('server_version_num')::int / 10000 as version, current_setting('server_encoding') as encoding",
    )
    .catch((problem: AggregateError | Error) => {
      const reason = problem instanceof AggregateError ? problem.errors.map(String).join('; ') : problem.message;
      throw new Error(`The database of DATABASE_URL cannot be used: ${reason}`);
    });
  const { version = 0, encoding = '' } = rows[0] ?? {};
  if (version < VERSION_MIN)
    throw new Error(`The database is PostgreSQL ${version}; Svar needs ${VERSION_MIN} or later.`);
  if (encoding !== 'UTF8') throw new Error(`The database stores text as ${encoding}; Svar needs UTF8.`);
}
