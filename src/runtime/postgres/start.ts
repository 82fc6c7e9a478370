import { setTimeout as sleep } from 'node:timers/promises';
import { attach } from './attach.ts';
import { postgresBinaries } from './binaries.ts';
import { openCluster } from './cluster.ts';
import { isPostmasterOf } from './postmaster.ts';

export interface PostgresOptions {
  /** Svar's data folder; the cluster is in `<dataDir>/postgres`, its log in `<dataDir>/postgres.log`. */
  readonly dataDir: string;
  /** Told, in words for the operator, what is being done. */
  readonly log?: (message: string) => void;
  /** false: no fsync; for tests only, as a crash of the machine then destroys the data. */
  readonly durable?: boolean;
  /** How long recovery after a crash, or another process that is shutting the server down, is waited for. */
  readonly timeoutMs?: number;
}

export interface RunningPostgres {
  /** The address of Svar's database; it stays valid while this process lives, also when PostgreSQL has to be restarted. */
  readonly url: string;
  /** Leaves the server; the last of the processes that use it stops it. Can be called twice. */
  stop(): Promise<void>;
}

const STOP_MS_MAX = 60_000;

/**
 * A running PostgreSQL on a data folder: the one that is already there (another Svar's, or one that outlived a killed
 * Svar), else a new one. Processes that share a server each hold a seat in it (seat.ts), and the last one to leave stops
 * it. If PostgreSQL dies while this process lives, it is started again on the same port.
 * Rejects with words for the operator if there is no server within the time.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dataDir, durable = true, timeoutMs = 60_000, log = () => {} } = options;
  const binaries = await postgresBinaries();
  const cluster = await openCluster(binaries, dataDir, durable);
  const take = (port?: number) => attach({ binaries, cluster, dataDir, durable, timeoutMs, log, port });
  let current = take();
  const first = await current;
  let stopping: Promise<void> | undefined;

  const watch = (): void => {
    void current
      .then(({ seat }) => seat.lost)
      .then(() => {
        if (stopping) return;
        log('the connection to PostgreSQL was lost; seeing to it that it runs');
        current = take(first.port);
        watch();
      })
      .catch((problem: Error) => log(`PostgreSQL is gone: ${problem.message}`));
  };
  watch();

  const leave = async (): Promise<void> => {
    const attached = await current.catch(() => undefined);
    if (!attached || !(await attached.seat.leave())) return;
    process.kill(attached.pid, 'SIGINT'); // fast shutdown
    const deadline = Date.now() + STOP_MS_MAX;
    while (await isPostmasterOf(cluster.folder, attached.pid)) {
      if (Date.now() > deadline) throw new Error(`PostgreSQL (process ${attached.pid}) does not stop.`);
      await sleep(25);
    }
  };
  return {
    url: first.seat.url,
    stop: () => {
      stopping ??= leave();
      return stopping;
    },
  };
}
