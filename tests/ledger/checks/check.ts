import path from 'node:path';
import pg from 'pg';
import pino from 'pino';
import { demoContactRegister } from '../../../src/delivery/contact.ts';
import { startPostgres } from '../../../src/runtime/postgres.ts';
import { secretOfFile, secretsOf } from '../../../src/runtime/secrets.ts';
import { createFhirServer } from '../../../src/server/fhir-server.ts';
import type { CourseRun } from '../course-run.ts';
import type { Ledger } from '../ledger.ts';
import { checkBotEffects } from './bot-effects.ts';
import { checkIndexRows } from './index-rows.ts';
import { readStored } from './stored.ts';
import { checkTies } from './ties.ts';
import { checkWrites } from './writes.ts';

export interface CheckParts {
  readonly dataDir: string;
  readonly baseUrl: string;
  readonly ledger: Ledger;
  readonly courses: readonly CourseRun[];
}

/** Everything that has to hold once all is still. @returns what does not */
export async function check({ dataDir, baseUrl, ledger, courses }: CheckParts): Promise<string[]> {
  const postgres = await startPostgres({ dataDir });
  const pool = new pg.Pool({ connectionString: postgres.url, max: 4 });
  try {
    const fhir = await createFhirServer({
      pool,
      databaseUrl: postgres.url,
      fhirBase: `${baseUrl}/fhir/R4`,
      testClock: undefined,
      timeZone: 'Europe/Oslo',
      channels: [],
      contacts: demoContactRegister,
      log: pino({ level: 'silent' }),
      version: '0.0.0-test',
      secrets: secretsOf(await secretOfFile(path.join(dataDir, 'secret.key'))),
    });
    try {
      const stored = await readStored(pool);
      return [
        ...checkWrites(ledger, stored),
        ...(await checkIndexRows(pool, fhir.engine, stored)),
        ...(await checkTies(pool, fhir.engine)),
        ...(await checkBotEffects(pool, dataDir, courses, stored)),
      ];
    } finally {
      await fhir.stop();
    }
  } finally {
    await pool.end();
    await postgres.stop();
  }
}
