import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Head } from './seal.ts';

const HASH = /^[0-9a-f]{64}$/;

/**
 * Keeps where a chain stands in a file of its own, outside the database: who cuts off the end of a chain there, does not
 * reach it here.
 */
export async function keepHead(folder: string, head: Head): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `chain-${head.chain}.json`);
  const made = await open(`${file}.new`, 'w', 0o600);
  try {
    await made.writeFile(`${JSON.stringify(head)}\n`);
    await made.sync();
  } finally {
    await made.close();
  }
  await rename(`${file}.new`, file);
}

/** The heads that a folder keeps; none where there is no such folder. */
export async function keptHeads(folder: string): Promise<readonly Head[]> {
  const files = await readdir(folder).catch((problem: NodeJS.ErrnoException) => {
    if (problem.code === 'ENOENT') return [];
    throw problem;
  });
  const heads = await Promise.all(
    files.filter((file) => /^chain-\d+\.json$/.test(file)).map((file) => headsOfFile(path.join(folder, file))),
  );
  return heads.flat();
}

/** The heads in a file, one a line, as `svar audit checkpoint` prints them. @throws Error in words for the operator */
export async function headsOfFile(file: string): Promise<readonly Head[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const head = parsed(line);
    if (head === undefined) {
      throw new Error(`${file} holds a line that is no checkpoint of the audit.`);
    }
    return head;
  });
}

function parsed(line: string): Head | undefined {
  try {
    const { chain, number, hash } = JSON.parse(line) as Record<string, unknown>;
    return typeof chain === 'number' && typeof number === 'number' && typeof hash === 'string' && HASH.test(hash)
      ? { chain, number, hash }
      : undefined;
  } catch {
    return undefined;
  }
}
