import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startPostgres } from '../src/runtime/postgres.ts';
import { rest } from './kit/rest.ts';
import { scratchFolder } from './kit/scratch.ts';
import { basic } from './kit/sign-in.ts';

let folder: string;
let dataDir: string;
let server: ChildProcess | undefined;

beforeEach(async () => {
  folder = await scratchFolder();
  dataDir = path.join(folder, 'data');
});

afterEach(async () => {
  if (server?.exitCode === null) {
    server.kill('SIGTERM');
    await once(server, 'close');
  }
  server = undefined;
  if ((await readdir(folder)).includes('data')) {
    await startPostgres({ dataDir, durable: false }).then((left) => left.stop());
  }
  await rm(folder, { recursive: true, force: true });
});

function start(args: string[]): ChildProcess {
  const env = {
    ...process.env,
    DATABASE_URL: '',
    SVAR_DATA_DIR: dataDir,
    PORT: '0',
    SVAR_LOG_LEVEL: 'error',
    TMPDIR: folder,
  };
  return spawn(process.execPath, ['src/main.ts', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs a command to its end. */
async function svar(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = start(args);
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

/** Starts a server on the data folder. @returns its FHIR base */
async function serve(): Promise<string> {
  const child = start(['serve', '--demo-data', 'no']);
  server = child;
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      const [, base] = /FHIR R4 {2}(\S+)/.exec(String(chunk)) ?? [];
      if (base !== undefined) resolve(base);
    });
    child.once('close', () => reject(new Error('the server ended')));
  });
}

async function packageOf(resources: Record<string, object>): Promise<string> {
  const source = path.join(folder, 'package');
  await mkdir(source, { recursive: true });
  for (const [name, resource] of Object.entries(resources)) {
    await writeFile(path.join(source, name), JSON.stringify(resource));
  }
  return source;
}

test('load works without a server, and beside one that has the database open', async () => {
  const source = await packageOf({ 'a.json': { resourceType: 'Patient', id: 'a' } });
  const alone = await svar('load', source);
  expect([alone.code, alone.err]).toEqual([0, '']);
  expect(alone.out).toMatch(/Patient +1 +0 +0 +0/);

  const client = rest(await serve(), basic('demo-admin'));
  expect((await client.get('Patient/a')).status).toBe(200);
  await packageOf({ 'b.json': { resourceType: 'Patient', id: 'b' } });
  const beside = await svar('load', source);
  expect([beside.code, beside.out]).toEqual([0, expect.stringMatching(/Patient +1 +0 +1 +0/)]);
  expect((await client.get('Patient/b')).status).toBe(200);
});

test('load ends with exit code 1 and says why, for what it cannot read and for what is refused', async () => {
  expect(await svar('load')).toMatchObject({ code: 1, err: expect.stringContaining('load needs one folder or .tgz') });
  const missing = path.join(folder, 'missing');
  expect(await svar('load', missing)).toMatchObject({ code: 1, err: expect.stringContaining('is not there') });
  const source = await packageOf({ 'x.json': { resourceType: 'Patient', id: 'x', birthDate: 'yesterday' } });
  const refused = await svar('load', source);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('was not loaded as a whole') });
  expect(refused.out).toMatch(/x\.json Patient\.birthDate: /);
});

test('the demo plays the same courses for the same seed, and leaves no folder', async () => {
  dataDir = '';
  const tables = (out: string) => out.slice(out.indexOf('Courses'), out.indexOf('courses over a year'));
  const first = await svar('demo', '--courses', '5', '--seed', '3');
  expect([first.code, first.err]).toEqual([0, '']);
  expect(first.out).toMatch(/referred +5$/m);
  expect(first.out).toMatch(/Orders of forms +all .*\n(\S+\|1\.0\.0 .*\n)+\n/);
  expect(tables((await svar('demo', '--courses', '5', '--seed', '3')).out)).toBe(tables(first.out));
  expect(await readdir(folder)).toEqual([]);
  expect(await svar('demo', '--courses', 'many')).toMatchObject({ code: 1, err: expect.stringContaining('--courses') });
}, 90_000);
