import pg from 'pg';
import type { Log } from './log.ts';

/**
 * Statements are prepared and written so that one plan is right for all values (src/search/query/plan.ts): planning each
 * call anew would cost more than most searches themselves.
 */
export const PLANNING = '-c plan_cache_mode=force_generic_plan -c jit=off -c max_parallel_workers_per_gather=0';

/**
 * A pool of connections that survives the death of its server: a connection that breaks, idle or at work, fails only the
 * queries that it was asked, and the next request opens another.
 */
export function openPool(config: pg.PoolConfig, log: Log): pg.Pool {
  const pool = new pg.Pool({ keepAlive: true, ...config });
  // The pool's own listener is there only while a connection is idle; without this one the process would end.
  pool.on('connect', (client) => client.on('error', () => undefined));
  // The end of a pool does not wait for its connections to close: that its server closes them then is no news.
  pool.on('error', (err) => {
    if (!pool.ended) log.warn({ err }, 'a connection to the database was lost');
  });
  return pool;
}
