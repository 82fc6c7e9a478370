import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Bot, declarations, type Handler } from './bot.ts';

/** The bots of a folder: manifest.json and one file for each. @throws Error for the operator */
export async function loadBots(folder: string): Promise<readonly Bot[]> {
  const manifest: unknown = JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8'));
  return Promise.all(
    declarations(manifest).map(async (declaration) => {
      const file = path.join(folder, `${declaration.name}.ts`);
      const { handler } = (await import(pathToFileURL(file).href)) as { handler?: unknown };
      if (typeof handler !== 'function') {
        throw new Error(`${file} exports no handler`);
      }
      return { declaration, handler: handler as Handler };
    }),
  );
}
