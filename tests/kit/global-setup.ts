import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../src/runtime/postgres.ts';
import { migrate } from '../../src/store/migrate.ts';
import { removeAbandoned, scratchFolder } from './scratch.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server that this test run uses. */
    serverUrl: string;
    /** The database on it that testDatabase() clones; those that it fills first have names that begin so. */
    template: string;
  }
}

/**
 * One PostgreSQL for a test run, in a temporary folder and without fsync, or the one that TEST_DATABASE_URL names; on it
 * one migrated database, the template of every testDatabase(). Runs at the same time do not meet.
 *
 * The processes that tests start compile Svar's modules once a run: half a second for each server otherwise.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandoned();
  const server = process.env.TEST_DATABASE_URL ? external(process.env.TEST_DATABASE_URL) : await embedded();
  const compiled = await scratchFolder();
  process.env.NODE_COMPILE_CACHE = compiled;
  const template = `svar_template_${randomBytes(6).toString('hex')}`;
  await administer(server.url, `create database ${template}`);
  const url = new URL(server.url);
  url.pathname = `/${template}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 1 });
  await migrate(pool);
  await pool.end();
  project.provide('serverUrl', server.url);
  project.provide('template', template);
  return async () => {
    await dropAll(server.url, template);
    await server.stop();
    await rm(compiled, { recursive: true, force: true, maxRetries: 3 });
  };
}

async function embedded(): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = await scratchFolder();
  const server = await startPostgres({ dataDir, durable: false });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function external(url: string): { url: string; stop(): Promise<void> } {
  return { url, stop: async () => {} };
}

async function dropAll(url: string, template: string): Promise<void> {
  const { rows } = await administer<{ datname: string }>(
    url,
    `select datname from pg_database where starts_with(datname, '${template}')`,
  );
  for (const { datname } of rows) await administer(url, `drop database ${datname} with (force)`);
}

async function administer<T extends pg.QueryResultRow>(url: string, sql: string): Promise<pg.QueryResult<T>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query<T>(sql);
  } finally {
    await client.end();
  }
}
