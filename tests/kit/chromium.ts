import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import manifest from '../../package.json' with { type: 'json' };

const READY = 'ready';
/** Newer than any distribution's libraries that it could miss: it brings its own. */
const RUNTIME = 'nodejs24.x';

/**
 * The browser of all browser tests: Chromium as the npm package @sparticuz/chromium has it, so that every machine runs
 * the same one, with the same fonts. Unpacked once per user and version into the temporary folder (3 s, 230 MB).
 */
export async function launchChromium(): Promise<Browser> {
  const folder = await unpacked();
  return chromium.launch({
    executablePath: path.join(folder, 'chromium'),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: path.join(folder, 'al2023/lib'),
      FONTCONFIG_FILE: path.join(folder, 'fonts.conf'),
    },
  });
}

async function unpacked(): Promise<string> {
  const version = manifest.devDependencies['@sparticuz/chromium'];
  const folder = path.join(os.tmpdir(), `svar-chromium-${version}-${os.userInfo().uid}`);
  if (await isThere(path.join(folder, READY))) return folder;
  // who unpacks at the same time unpacks elsewhere; the first to end is taken
  const own = await mkdtemp(`${folder}-`);
  const before = process.env.TMPDIR;
  try {
    process.env.TMPDIR = own;
    process.env.AWS_LAMBDA_JS_RUNTIME = RUNTIME;
    const { default: packed } = await import('@sparticuz/chromium');
    await packed.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    delete process.env.AWS_LAMBDA_JS_RUNTIME;
  }
  const fonts = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/cache</cachedir></fontconfig>`;
  await writeFile(path.join(own, 'fonts.conf'), fonts);
  await mkdir(path.join(own, 'cache'), { recursive: true });
  await writeFile(path.join(own, READY), '');
  await rename(own, folder).catch(async () => {
    if (!(await isThere(path.join(folder, READY)))) throw new Error(`${folder} is in the way: remove it`);
    await rm(own, { recursive: true, force: true });
  });
  return folder;
}

async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

/** axe-core's script, to be run in a page. */
export async function axeScript(): Promise<string> {
  return readFile(path.join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8');
}
