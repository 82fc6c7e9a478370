import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { createLog } from '../../src/runtime/log.ts';
import { startPostgres } from '../../src/runtime/postgres.ts';
import { readSettings } from '../../src/runtime/settings.ts';
import type { FhirServer } from '../../src/server/fhir-server.ts';
import { openWithoutHttp } from '../../src/server/without-http.ts';
import { openBenchPool } from './pool.ts';

/** The demo's base: what is recorded here names it nowhere, since the product stores references relative. */
export const BENCH_ENVIRONMENT = { SVAR_LOG_LEVEL: 'error', SVAR_BASE_URL: 'http://127.0.0.1:18080' };

export interface OpenedBench {
  readonly fhir: FhirServer;
  readonly pool: pg.Pool;
  stop(): Promise<void>;
}

/** The FHIR server as values over a database, its clock where the test clock is given; nothing works in the background. */
export async function openBench(databaseUrl: string, folder: string, testClock?: string): Promise<OpenedBench> {
  const settings = readSettings({
    environment: {
      ...BENCH_ENVIRONMENT,
      DATABASE_URL: databaseUrl,
      SVAR_DATA_DIR: folder,
      SVAR_TEST_CLOCK: testClock ?? '',
    },
  });
  const opened = await openWithoutHttp(settings, createLog('error'));
  const pool = openBenchPool(databaseUrl);
  return {
    fhir: opened.fhir,
    pool,
    async stop() {
      await pool.end();
      await opened.stop();
    },
  };
}

/** A PostgreSQL with fsync on, as the product starts it, its data under `folder`. */
export async function benchPostgres(folder: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  await mkdir(path.join(folder, 'data'), { recursive: true });
  return startPostgres({ dataDir: path.join(folder, 'data'), log: () => undefined });
}
