import pg from 'pg';

/** Connections of the bench's own, which may be killed with their server. */
export function openBenchPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 4 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
