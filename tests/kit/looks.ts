import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pixelmatch from 'pixelmatch';
import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { expect } from 'vitest';

const FOLDER = path.join(import.meta.dirname, '../web/looks');
/** What another processor rounds otherwise at the edges of letters; a moved line or another colour is far more. */
const SHARE_MAX = 0.002;
const THRESHOLD = 0.2;

/**
 * Expects that a page looks as it did when somebody last looked at it: tests/web/looks/<name>.png. `SVAR_LOOKS=keep` keeps
 * what is there now instead: look at it before it is committed. What differs is left beside it as <name>.now.png and
 * <name>.difference.png, which git ignores.
 *
 * @param without selectors of what is another each time (dates, times): covered before
 */
export async function expectLooks(page: Page, name: string, without: readonly string[] = []): Promise<void> {
  const taken = await page.screenshot({
    animations: 'disabled',
    caret: 'hide',
    scale: 'css',
    mask: without.map((selector) => page.locator(selector)),
    maskColor: '#888888',
  });
  const file = path.join(FOLDER, `${name}.png`);
  const kept = await readFile(file).catch(() => undefined);
  if (process.env.SVAR_LOOKS === 'keep') {
    await mkdir(FOLDER, { recursive: true });
    await writeFile(file, taken);
    return;
  }
  if (kept === undefined) throw new Error(`nobody has looked at ${name} yet: SVAR_LOOKS=keep`);
  const [now, before] = [PNG.sync.read(taken), PNG.sync.read(kept)];
  const size = ({ width, height }: PNG): string => `${width}×${height}`;
  const difference = new PNG({ width: before.width, height: before.height });
  const pixels =
    size(now) === size(before)
      ? pixelmatch(now.data, before.data, difference.data, now.width, now.height, { threshold: THRESHOLD })
      : Number.POSITIVE_INFINITY;
  const share = pixels / (before.width * before.height);
  if (share > SHARE_MAX) {
    await writeFile(path.join(FOLDER, `${name}.now.png`), taken);
    await writeFile(path.join(FOLDER, `${name}.difference.png`), PNG.sync.write(difference));
  }
  expect({ size: size(now), share: Math.min(share, 1) }, `${name}: see tests/web/looks/${name}.now.png`).toEqual({
    size: size(before),
    share: share <= SHARE_MAX ? share : expect.closeTo(0, 3),
  });
}
