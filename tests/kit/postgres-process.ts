import { startPostgres } from '../../src/runtime/postgres.ts';

// A process of its own that holds a PostgreSQL on the data folder of its argument, so that a test can kill it. Says its
// address in a line; stops on SIGTERM.
const server = await startPostgres({
  dataDir: process.argv[2] ?? '',
  durable: false,
  log: (message) => process.stderr.write(`${message}\n`),
});
const alive = setInterval(() => {}, 1000);
process.on('SIGTERM', () => {
  clearInterval(alive);
  void server.stop();
});
process.stdout.write(`${server.url}\n`);
