import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Channel } from './channel.ts';

/** Codes, first passwords and personal links are in them: for the server and its group, to which a gateway may belong. */
const FOLDER_MODE = 0o750;
const FILE_MODE = 0o640;

/**
 * The demo's channel, which reaches everybody: a notice becomes a JSON file in a folder, named by its idempotency key, so
 * that sending it again replaces the file by the same file. It is complete when it appears. Its recipient is `Patient/x`,
 * or the telephone of who signs in.
 */
export function spoolChannel(folder: string): Channel {
  return {
    name: 'spool',
    medium: 'secure',
    reach: ({ patient }) => ({ address: patient }),
    async send(notice) {
      await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
      const target = fileOf(folder, notice.idempotencyKey);
      // the same name at every attempt: what a killed process left half-written is written over by the next
      const written = `${target}.part`;
      const file = await open(written, 'w', FILE_MODE);
      try {
        await file.writeFile(`${JSON.stringify(notice)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(written, target);
      await syncFolder(folder);
      return undefined;
    },
    async forget(keys) {
      for (const key of keys) {
        await rm(fileOf(folder, key), { force: true });
      }
    },
  };
}

function fileOf(folder: string, idempotencyKey: string): string {
  const name = createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 32);
  return path.join(folder, `${name}.json`);
}

/** Makes a renaming outlive a machine that loses its power: the notice is noted as sent once this has ended. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // a folder cannot be opened there
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
