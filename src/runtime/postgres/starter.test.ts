import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { takeStart } from './starter.ts';

const MODULE = path.join(import.meta.dirname, 'starter.ts');

test('one process at a time may start the server of a cluster; a killed one gives the right back', async () => {
  const cluster = await mkdtemp(path.join(os.tmpdir(), 'svar-starter-'));
  const first = await takeStart(cluster);
  expect(first).toBeDefined();
  expect(await takeStart(cluster)).toBeUndefined();
  first?.done();

  const script = `import { takeStart } from ${JSON.stringify(MODULE)};
    process.stdout.write(String((await takeStart(${JSON.stringify(cluster)})) !== undefined));
    setInterval(() => {}, 1000);`;
  const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [told] = (await once(other.stdout, 'data')) as [Buffer];
  expect(told.toString()).toBe('true');
  expect(await takeStart(cluster)).toBeUndefined();
  other.kill('SIGKILL');
  await once(other, 'exit');
  const again = await takeStart(cluster);
  expect(again).toBeDefined();
  again?.done();
});

test('clusters do not keep each other from starting', async () => {
  const clusters = await Promise.all([1, 2].map(() => mkdtemp(path.join(os.tmpdir(), 'svar-starter-'))));
  const starters = await Promise.all(clusters.map((cluster) => takeStart(cluster)));
  expect(starters.every((starter) => starter !== undefined)).toBe(true);
  for (const starter of starters) {
    starter?.done();
  }
});
