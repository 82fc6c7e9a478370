import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { scratchFolder } from '../../tests/kit/scratch.ts';
import { headsOfFile, keepHead, keptHeads } from './checkpoints.ts';

const head = (chain: number, number: number) => ({ chain, number, hash: 'ab'.repeat(32) });

test('the last head of each chain is kept', async () => {
  const folder = path.join(await scratchFolder(), 'audit');
  expect(await keptHeads(folder)).toEqual([]);
  for (const one of [head(1, 1), head(2, 5), head(1, 9)]) {
    await keepHead(folder, one);
  }
  const kept = await keptHeads(folder);
  expect(kept.toSorted((a, b) => a.chain - b.chain)).toEqual([head(1, 9), head(2, 5)]);
});

test.each(['{"chain":1}', 'x', '{"chain":1,"number":2,"hash":"zz"}'])(
  'what is no checkpoint is told: %s',
  async (text) => {
    const file = path.join(await scratchFolder(), 'heads.jsonl');
    await writeFile(file, `${JSON.stringify(head(1, 1))}\n${text}\n`);
    await expect(headsOfFile(file)).rejects.toThrow('holds a line that is no checkpoint');
  },
);
