import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { InlineConfig } from 'vite';

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

/** Builds where the sources have changed since the last time. @returns whether anything was built */
export async function buildWebApps(): Promise<boolean> {
  const stamp = await digestOfSources();
  const stampFile = path.join(WEB_OUT, 'stamp');
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return false;
  // Vite takes a second to load, and a start with nothing to build should not.
  const { build } = await import('vite');
  await rm(stampFile, { force: true });
  for (const config of [patientApp, clinicianApp]) await build(config);
  await mkdir(WEB_OUT, { recursive: true });
  await writeFile(stampFile, stamp);
  return true;
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
function app(name: string, more: InlineConfig): InlineConfig {
  return {
    configFile: false,
    root: path.join(import.meta.dirname, name),
    base: `/${name}/`,
    publicDir: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    ...more,
    build: {
      outDir: path.join(WEB_OUT, name),
      emptyOutDir: true,
      // a polyfill would be an inline script, which the pages' security policy refuses
      modulePreload: { polyfill: false },
      // no file inside another: data: is refused for everything but images
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      ...more.build,
    },
  };
}

/** React's interface by Preact: the form's renderer is the same as the clinician app's, in a tenth of the size. */
const PREACT = {
  'react/jsx-runtime': 'preact/jsx-runtime',
  'react-dom/client': 'preact/compat/client',
  'react-dom': 'preact/compat',
  react: 'preact/compat',
};

const patientApp = app('patient', { resolve: { alias: PREACT } });

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
  ],
});

if (process.argv[1] === import.meta.filename) {
  if (await buildWebApps()) process.stdout.write('the web apps were built\n');
}
