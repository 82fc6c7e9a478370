import pino from 'pino';
import { expect, inject, test } from 'vitest';
import { createLog } from './log.ts';
import { openPool } from './pool.ts';

test('a connection that breaks at work fails its query, not the process, and the next one works', async () => {
  const pool = openPool({ connectionString: inject('serverUrl'), max: 1 }, createLog('silent'));
  try {
    const client = await pool.connect();
    await expect(client.query('select pg_terminate_backend(pg_backend_pid())')).rejects.toThrow();
    // at work still, though no query is under way: nobody but the pool listens
    client.emit('error', new Error('read ECONNRESET'));
    client.release(true);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  } finally {
    await pool.end();
  }
});

test('a connection that is lost is logged, but not once the pool has ended', async () => {
  const lines: string[] = [];
  const pool = openPool({ connectionString: inject('serverUrl') }, pino({}, { write: (line) => lines.push(line) }));
  const client = await pool.connect();
  client.release();
  pool.emit('error', new Error('terminating connection'), client);
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['a connection to the database was lost']);
  await pool.end();
  pool.emit('error', new Error('terminating connection'), client);
  expect(lines).toHaveLength(1);
});
