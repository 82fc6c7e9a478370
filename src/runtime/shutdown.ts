import type { Log } from './log.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Ends the process in good order on the first SIGINT, SIGTERM or SIGHUP: waits for `stop`, then exits with 0, or with 1
 * if stopping failed. A second signal ends it at once; what was committed is safe then too.
 */
export function stopOnSignal(stop: () => Promise<void>, log: Log): void {
  let stopping = false;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      log.info(`stopping (${signal})`);
      stop().then(
        () => process.exit(0),
        (err: unknown) => {
          log.error({ err }, 'could not stop in good order');
          process.exit(1);
        },
      );
    });
  }
}
