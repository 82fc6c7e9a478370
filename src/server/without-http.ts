import path from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { demoContactRegister } from '../delivery/contact.ts';
import { spoolChannel } from '../delivery/spool.ts';
import { FHIR_PATH } from '../http/app.ts';
import { loadProduct } from '../packages/product.ts';
import { openDatabase } from '../runtime/database.ts';
import type { Log } from '../runtime/log.ts';
import type { Settings } from '../runtime/settings.ts';
import { migrate } from '../store/migrate.ts';
import { StoredClock } from '../store/stored-clock.ts';
import { createFhirServer, type FhirServer } from './fhir-server.ts';
import { loaderOf } from './loader.ts';
import { serverSecrets } from './server-secrets.ts';

export interface OpenedFhir {
  readonly fhir: FhirServer;
  stop(): Promise<void>;
}

/**
 * FHIR over the database of the settings, without listening and without working on the outbox: for commands that may run
 * beside servers on the same database, which learn of what was written as of each other's writes. A database whose servers
 * stand on a test clock is written to at the time of that clock.
 */
export async function openWithoutHttp(settings: Settings, log: Log): Promise<OpenedFhir> {
  const database = await openDatabase(settings, log);
  try {
    await migrate(database.pool, { log: (message) => log.info(message) });
    const fhir = await createFhirServer({
      pool: database.pool,
      databaseUrl: database.url,
      fhirBase: (settings.baseUrl ?? `http://localhost:${settings.port}`) + FHIR_PATH,
      testClock: settings.testClock ?? (await StoredClock.stored(database.pool)),
      channels: [spoolChannel(path.join(settings.dataDir, 'spool'))],
      contacts: demoContactRegister,
      log,
      version: packageJson.version,
      checkpoints: path.join(settings.dataDir, 'audit'),
      secrets: await serverSecrets(settings),
      timeZone: settings.timeZone,
      production: settings.production,
    });
    const stop = async (): Promise<void> => {
      await fhir.stop();
      await database.stop();
    };
    try {
      await loadProduct(loaderOf(fhir), (text) => log.warn(text), { production: settings.production });
      return { fhir, stop };
    } catch (problem) {
      await fhir.stop();
      throw problem;
    }
  } catch (problem) {
    await database.stop();
    throw problem;
  }
}
