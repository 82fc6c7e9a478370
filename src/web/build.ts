import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { InlineConfig, Manifest } from 'vite';
import { compressFiles } from './compress.ts';
import { STOCK_SCHEMAS, stockSchemas } from './stock-schemas.ts';

/**
 * Builds the two web apps with Vite into dist/web, unless what is there was made of these very sources.
 * `node src/web/build.ts` is part of `npm start`; `buildWebApps` is called by tests too.
 */

const ROOT = path.join(import.meta.dirname, '../..');
/** Where the built apps are: `<OUT>/patient`, `<OUT>/clinician`. */
export const WEB_OUT = path.join(ROOT, 'dist/web');
/** What the apps are made of; tests apart. */
const SOURCES = ['src/web', 'src/forms', 'src/fhirpath', 'src/model', 'src/registry', 'src/charts'];
const ALONE = ['package.json', 'package-lock.json'];
const LOCK_MS_MAX = 120_000;
const LOCK_LOOK_MS = 100;
const STAMP_CHARACTERS = 16;

/**
 * Builds where the sources have changed since the last time. Whoever builds at the same moment waits; whoever serves the
 * apps meanwhile finds the old ones, until the new ones take their place as a whole.
 *
 * @returns whether anything was built
 */
export async function buildWebApps(): Promise<boolean> {
  if (await isBuilt()) return false;
  const release = await lock();
  try {
    const stamp = await digestOfSources();
    if (await isBuilt(stamp)) return false;
    // Vite takes a second to load, and a start with nothing to build should not.
    const { build } = await import('vite');
    const making = `${WEB_OUT}-making`;
    await rm(making, { recursive: true, force: true });
    for (const config of [patientApp, clinicianApp]) await build(config(making));
    const files = (await readdir(path.join(making, 'patient/assets'))).filter((name) => /\.(?:js|css)$/.test(name));
    await build(serviceWorker(making, stamp, files));
    await build(prerenderer(making));
    await writeFile(path.join(making, 'patient-server/words.json'), await wordFiles(making));
    for (const name of ['patient', 'clinician']) await compressFiles(path.join(making, name, 'assets'));
    await writeFile(path.join(making, 'stamp'), stamp);
    await rm(WEB_OUT, { recursive: true, force: true });
    await rename(making, WEB_OUT);
    return true;
  } finally {
    await release();
  }
}

async function isBuilt(stamp?: string): Promise<boolean> {
  const kept = await readFile(path.join(WEB_OUT, 'stamp'), 'utf8').catch(() => undefined);
  return kept !== undefined && kept === (stamp ?? (await digestOfSources()));
}

/** A folder is made by one process alone. @returns lets the next one in */
async function lock(): Promise<() => Promise<void>> {
  const folder = `${WEB_OUT}-lock`;
  await mkdir(path.dirname(WEB_OUT), { recursive: true });
  for (;;) {
    try {
      await mkdir(folder);
      return () => rm(folder, { recursive: true, force: true });
    } catch (problem) {
      const made = await stat(folder).catch(() => undefined);
      // a build takes seconds: what is older was left by a process that was killed
      if (made !== undefined && Date.now() - made.mtimeMs > LOCK_MS_MAX)
        await rm(folder, { recursive: true, force: true });
      else if (made !== undefined) await setTimeout(LOCK_LOOK_MS);
      else if ((problem as NodeJS.ErrnoException).code !== 'EEXIST') throw problem;
    }
  }
}

async function digestOfSources(): Promise<string> {
  const files: string[] = [...ALONE];
  for (const folder of SOURCES) {
    for (const entry of await readdir(path.join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name)) {
        files.push(path.relative(ROOT, path.join(entry.parentPath, entry.name)));
      }
    }
  }
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    hash.update(`${file}\0`).update(await readFile(path.join(ROOT, file)));
  }
  return hash.digest('hex');
}

/** No configuration file and no public folder: what a build depends on stands here. */
function app(name: string, more: InlineConfig): (out: string) => InlineConfig {
  return (out) => ({
    configFile: false,
    root: path.join(import.meta.dirname, name),
    base: `/${name}/`,
    publicDir: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    // a build under a test's NODE_ENV is the same: who built it is nothing that the stamp tells
    oxc: { jsx: { runtime: 'automatic', development: false } },
    ...more,
    build: {
      outDir: path.join(out, name),
      emptyOutDir: true,
      // a polyfill would be an inline script, which the pages' security policy refuses
      modulePreload: { polyfill: false },
      // no file inside another: data: is refused for everything but images
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      ...more.build,
    },
  });
}

const MANIFEST = 'manifest.json';

/** React's interface by Preact: the form's renderer is the same as the clinician app's, in a tenth of the size. */
export const PREACT = {
  'react/jsx-runtime': 'preact/jsx-runtime',
  'react-dom/client': 'preact/compat/client',
  'react-dom': 'preact/compat',
  react: 'preact/compat',
};

const patientApp = app('patient', { resolve: { alias: PREACT }, build: { manifest: MANIFEST } });

/** What renders the patient's first page in the server: src/apps/first-page.ts. */
function prerenderer(out: string): InlineConfig {
  return app('patient', {
    resolve: { alias: PREACT },
    build: { ssr: 'prerender.tsx', outDir: path.join(out, 'patient-server') },
  })(out);
}

/** The files of the patient app's words by language, as JSON. */
async function wordFiles(out: string): Promise<string> {
  const manifest: Manifest = JSON.parse(await readFile(path.join(out, 'patient', MANIFEST), 'utf8'));
  const words: Record<string, string[]> = {};
  for (const [source, { file }] of Object.entries(manifest)) {
    const language = /^(?:\.\.\/form\/)?words-([a-z]+)\.ts$/.exec(source)?.[1];
    if (language !== undefined) words[language] = [...(words[language] ?? []), `/patient/${file}`];
  }
  return JSON.stringify(words);
}

/** One file at a fixed address, which names the files of this build. */
function serviceWorker(out: string, stamp: string, files: readonly string[]): InlineConfig {
  return app('patient', {
    define: {
      BUILD: JSON.stringify(stamp.slice(0, STAMP_CHARACTERS)),
      FILES: JSON.stringify(files.map((name) => `/patient/assets/${name}`)),
    },
    build: {
      emptyOutDir: false,
      rolldownOptions: {
        input: path.join(import.meta.dirname, 'patient/service-worker.ts'),
        output: { format: 'iife', entryFileNames: 'service-worker.js' },
      },
    },
  })(out);
}

const clinicianApp = app('clinician', {
  plugins: [
    {
      // @medplum/react 5 ships a Mantine variable where CSS allows none (medplum/medplum#9257)
      name: 'mantine breakpoints',
      enforce: 'pre',
      transform: (code, id) =>
        id.includes('@medplum/react') && id.endsWith('.css')
          ? code.replace(/\$mantine-breakpoint-xs/g, '36em').replace(/\$mantine-breakpoint-sm/g, '48em')
          : undefined,
    },
    {
      // R4's full structures are megabytes: the few that the stock components draw by are picked here
      name: 'stock schemas',
      resolveId: (id) => (id === STOCK_SCHEMAS ? `\0${id}` : undefined),
      load: (id) => (id === `\0${STOCK_SCHEMAS}` ? `export default ${JSON.stringify(stockSchemas())}` : undefined),
    },
  ],
});

if (process.argv[1] === import.meta.filename) {
  if (await buildWebApps()) process.stdout.write('the web apps were built\n');
}
