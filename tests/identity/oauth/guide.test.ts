import { execFile } from 'node:child_process';
import { readFile, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from '../../kit/fhir-server.ts';
import { scratchFolder } from '../../kit/scratch.ts';

const ROOT = path.join(import.meta.dirname, '../../..');

let server: TestServer;
let folder: string;

beforeAll(async () => {
  server = await testServer({ identity: true, background: false });
  folder = await scratchFolder();
  for (const name of ['package.json', 'src', 'node_modules', 'fhir']) {
    await symlink(path.join(ROOT, name), path.join(folder, name));
  }
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

test('the commands of the guide to sign-in work as they stand', async () => {
  const guide = await readFile(path.join(ROOT, 'docs/integrator-sign-in.md'), 'utf8');
  const commands = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block);
  expect(commands.length).toBeGreaterThan(4);
  const env = {
    ...process.env,
    BASE: server.url,
    DATABASE_URL: server.database.url,
    SVAR_DATA_DIR: path.join(folder, 'data'),
    SVAR_LOG_LEVEL: 'error',
  };
  const script = `set -euo pipefail\n${commands.join('\n')}`;
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: folder, env });
  for (const said of [
    'growth-chart is registered',
    'token: ok',
    'secret: ok',
    'archive is registered',
    '"scope":"system/Patient.rs"',
    '"launch_url":"https://growth.example.org/launch?iss=',
  ]) {
    expect(stdout).toContain(said);
  }
});
