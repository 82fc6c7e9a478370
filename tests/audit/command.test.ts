import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, staff } from '../kit/audited.ts';
import { type TestServer, testSecret, testServer } from '../kit/fhir-server.ts';
import { scratchFolder } from '../kit/scratch.ts';

let server: TestServer;
let folder: string;

beforeAll(async () => {
  server = await testServer({ packages: false });
  folder = await scratchFolder();
  await mkdir(path.join(folder, 'data'));
  const secret = testSecret.toString('base64');
  await writeFile(path.join(folder, 'data', 'secret.key'), `${secret}\n`);
  const { json } = await ask<{ id: string }>(server, staff('x'), 'POST', 'Patient', { resourceType: 'Patient' });
  await ask(server, staff('x'), 'GET', `Patient/${json.id}`);
  await new Promise((resolve) => setTimeout(resolve, 300));
}, 60_000);
afterAll(() => server.close());

/** `svar audit …` as an operator runs it, beside the server at work. */
function audit(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [path.resolve('src/main.ts'), 'audit', ...args], {
    cwd: folder,
    env: {
      ...process.env,
      DATABASE_URL: server.database.url,
      SVAR_DATA_DIR: path.join(folder, 'data'),
      SVAR_LOG_LEVEL: 'silent',
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      output += data.toString();
    });
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

test('audit verify finds nothing where nothing was done, and exits with 0', async () => {
  const { code, output } = await audit('verify');
  expect(output).toContain('Nothing was changed, nothing is missing.');
  expect(output).toMatch(/^2 rows in \d+ links of 1 chains, 1 versions/m);
  expect(code).toBe(0);
});

test('audit checkpoint prints heads, by which verify finds what was cut off since; it exits with 1', async () => {
  const printed = await audit('checkpoint');
  expect(printed.output).toMatch(/^\{"chain":1,"number":\d+,"hash":"[0-9a-f]{64}"\}\n$/);
  const file = path.join(folder, 'heads.jsonl');
  await writeFile(file, printed.output);
  expect((await audit('verify', '--checkpoint', file)).code).toBe(0);
  await writeFile(file, printed.output.replace(/"number":\d+/, '"number":99999'));
  const cut = await audit('verify', '--checkpoint', file);
  expect(cut.output).toContain('cut chain: chain 1: link 99999 is gone, as a checkpoint noted it');
  expect(cut.code).toBe(1);
});

test('heads that the data folder keeps are checked without being asked for', async () => {
  await mkdir(path.join(folder, 'data', 'audit'), { recursive: true });
  const head = { chain: 7, number: 3, hash: 'ab'.repeat(32) };
  await writeFile(path.join(folder, 'data', 'audit', 'chain-7.json'), JSON.stringify(head));
  const { code, output } = await audit('verify');
  expect([code, output]).toEqual([1, expect.stringContaining('cut chain: chain 7: link 3 is gone')]);
});

test('what it does not know is told in words', async () => {
  expect(await audit('look')).toEqual({ code: 1, output: expect.stringContaining('audit takes verify or checkpoint') });
});
