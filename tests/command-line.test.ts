import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isPostmasterOf, readPostmaster } from '../src/runtime/postgres/postmaster.ts';
import { startPostgres } from '../src/runtime/postgres.ts';
import { testDatabase } from './kit/database.ts';
import { scratchFolder } from './kit/scratch.ts';

let folder: string;
let cluster: string;
let children: ChildProcess[];

beforeEach(async () => {
  folder = await scratchFolder();
  cluster = path.join(folder, 'postgres');
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  if (await databaseRuns()) await startPostgres({ dataDir: folder, durable: false }).then((left) => left.stop());
  await rm(folder, { recursive: true, force: true });
});

async function databaseRuns(): Promise<boolean> {
  const server = await readPostmaster(cluster);
  return server !== undefined && (await isPostmasterOf(cluster, server.pid));
}

interface Started {
  readonly child: ChildProcess;
  /** Resolves when the process has ended. */
  readonly ended: Promise<{ code: number | null; out: string; err: string }>;
  /** Resolves to the server's address when it says that it is ready. */
  readonly ready: Promise<string>;
}

function svar(args: string[], environment: Record<string, string> = {}): Started {
  const env = { ...process.env, DATABASE_URL: '', SVAR_DATA_DIR: folder, PORT: '0', ...environment };
  const child = spawn(process.execPath, ['src/main.ts', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let [out, err] = ['', ''];
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      out += chunk;
      const address = /FHIR R4\s+(http\S+)\/fhir\/R4/.exec(out);
      if (address?.[1]) resolve(address[1]);
    });
    void ended.then(() => reject(new Error(`not ready: ${err}`)));
  });
  ready.catch(() => {});
  return { child, ended, ready };
}

async function status(address: string): Promise<number> {
  return (await fetch(address)).status;
}

test('--help tells the commands and the settings, and starts nothing', async () => {
  const { code, out } = await svar(['--help']).ended;
  expect(code).toBe(0);
  expect(out).toContain('serve');
  expect(out).toContain('SVAR_MAX_BODY_BYTES');
  expect(await databaseRuns()).toBe(false);
});

test.each([
  [['dance'], 'There is no command dance'],
  [['serve', '--prot', '1'], "Unknown option '--prot'"],
  [['serve', 'twice'], 'serve takes no operands'],
  [['serve', '--port', 'x'], '--port must be a whole number'],
  [['serve', '--test-clock', 'now'], '--test-clock must be an instant with an offset'],
  [['serve', '--config', 'missing.json'], 'The config file missing.json cannot be read'],
])('%j is refused with exit code 1, in words and without a stack', async (args, message) => {
  const { code, err } = await svar(args).ended;
  expect(code).toBe(1);
  expect(err).toContain(`svar: ${message}`);
  expect(err).not.toMatch(/^\s+at /m);
});

test('a config file is read, and refused if it is not JSON', async () => {
  const config = path.join(folder, 'config.json');
  await writeFile(config, '{"port": "many"}');
  expect((await svar(['serve', '--config', config], { PORT: '' }).ended).err).toContain('config.json: port must be');
  await writeFile(config, '{port}');
  expect((await svar(['serve', '--config', config]).ended).err).toContain('is not JSON');
});

test('a port that is taken is a clear error with exit code 1, and no database is left', async () => {
  const other = net.createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as net.AddressInfo;
  const { code, err } = await svar(['serve'], { PORT: String(port) }).ended;
  other.close();
  expect(code).toBe(1);
  expect(err).toContain(`svar: Port ${port} is taken by another program. Set PORT to a free one`);
  expect(await databaseRuns()).toBe(false);
});

test('a database that cannot be reached is a clear error with exit code 1', async () => {
  const { code, err } = await svar(['serve'], { DATABASE_URL: 'postgres://svar@127.0.0.1:1/svar' }).ended;
  expect(code).toBe(1);
  expect(err).toContain('svar: The database of DATABASE_URL cannot be used: connect ECONNREFUSED');
});

test('a database of a newer schema is refused with exit code 1', async () => {
  const database = await testDatabase();
  await database.pool.query("insert into migration (name, checksum) values ('9999_future', '')");
  const { code, err } = await svar(['serve'], { DATABASE_URL: database.url }).ended;
  await database.close();
  expect(code).toBe(1);
  expect(err).toContain(
    'svar: The database has a newer schema than this version of Svar knows (migration 9999_future)',
  );
});

test('two servers share a data folder; the database stops with the last of them', async () => {
  const first = svar(['serve']);
  const second = svar(['serve']);
  const [one, other] = await Promise.all([first.ready, second.ready]);
  expect(other).not.toBe(one);
  first.child.kill('SIGTERM');
  expect((await first.ended).code).toBe(0);
  expect(await status(`${other}/readyz`)).toBe(200);
  second.child.kill('SIGINT');
  expect((await second.ended).code).toBe(0);
  expect(await databaseRuns()).toBe(false);
});

test('a server that is told to stop while it starts leaves no database behind', async () => {
  const early = svar(['serve']);
  await expect.poll(databaseRuns, { interval: 5, timeout: 20_000 }).toBe(true);
  early.child.kill('SIGTERM');
  expect((await early.ended).code).toBe(0);
  expect(await databaseRuns()).toBe(false);
});

test('a server that was killed starts again on its data', async () => {
  const first = svar(['serve']);
  await first.ready;
  first.child.kill('SIGKILL');
  await first.ended;
  const second = svar(['serve']);
  expect(await status(`${await second.ready}/readyz`)).toBe(200);
  second.child.kill('SIGTERM');
  expect((await second.ended).code).toBe(0);
  expect(await databaseRuns()).toBe(false);
});
