import http from 'node:http';
import { type Database, openDatabase } from '../runtime/database.ts';
import { listen } from '../runtime/listen.ts';
import type { Log } from '../runtime/log.ts';
import type { Settings } from '../runtime/settings.ts';
import { migrate } from '../store/migrate.ts';

export interface RunningServer {
  /** The address at which clients reach it, without /fhir/R4. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts everything that a server process consists of; rejects with words for the operator. */
export async function startServer(settings: Settings, log: Log): Promise<RunningServer> {
  const database = await openDatabase(settings, log);
  try {
    await migrate(database.pool, { log: (message) => log.info(message) });
    const server = http.createServer(health(database));
    const port = await listen(server, settings.host, settings.port);
    return {
      url: settings.baseUrl ?? `http://localhost:${port}`,
      async stop() {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeIdleConnections();
        await closed;
        await database.stop();
      },
    };
  } catch (problem) {
    await database.stop();
    throw problem;
  }
}

function health(database: Database): http.RequestListener {
  return (request, response) => {
    const status: Record<string, () => Promise<number>> = {
      '/healthz': async () => 200,
      '/readyz': () =>
        database.pool.query('select 1').then(
          () => 200,
          () => 503,
        ),
    };
    void (status[request.url ?? '']?.() ?? Promise.resolve(404)).then((code) => response.writeHead(code).end());
  };
}
