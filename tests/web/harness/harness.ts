import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { CodeSystem, CodeSystemConcept, ValueSet } from '@medplum/fhirtypes';
import type { BrowserContext, Route } from 'playwright-core';
import { build, type Rollup } from 'vite';
import { PREACT } from '../../../src/web/build.ts';
import { shippedForm } from '../../kit/shipped-forms.ts';
import { everyControl } from './every-control.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
/** No server: what is asked for here is answered by the browser's own door. */
export const ORIGIN = 'http://form.test';

type Files = ReadonlyMap<string, string | Uint8Array>;

/** The page that shows a form, built for Preact, as patients have it, or for React, as staff do. */
export async function buildHarness(renderer: 'preact' | 'react'): Promise<Files> {
  const built = await build({
    configFile: false,
    root: import.meta.dirname,
    base: '/',
    publicDir: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    // else by the NODE_ENV of who runs the tests
    oxc: { jsx: { runtime: 'automatic', development: false } },
    resolve: { alias: renderer === 'preact' ? PREACT : {} },
    build: { write: false, target: 'esnext', modulePreload: { polyfill: false }, reportCompressedSize: false },
  });
  const outputs = (Array.isArray(built) ? built : [built]) as Rollup.RollupOutput[];
  return new Map(
    outputs.flatMap(({ output }) =>
      output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source]),
    ),
  );
}

/** Answers a context's requests: the page, forms by their names, the terminology that they need. */
export async function serveHarness(context: BrowserContext, files: Files): Promise<void> {
  await context.route(`${ORIGIN}/**`, async (route) => {
    const { pathname, searchParams } = new URL(route.request().url());
    if (pathname.startsWith('/forms/')) {
      const name = pathname.slice('/forms/'.length);
      return answer(route, JSON.stringify(name === everyControl.name ? everyControl : shippedForm(name)), 'json');
    }
    if (pathname === '/expand') {
      const found = await codingsOf(searchParams.get('valueSet') ?? '', searchParams.get('text') ?? '');
      return answer(route, JSON.stringify(found), 'json');
    }
    if (pathname === '/find') return answer(route, JSON.stringify(PLACES), 'json');
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    const file = files.get(name);
    return file === undefined ? route.fulfill({ status: 404 }) : answer(route, file, path.extname(name).slice(1));
  });
}

const PLACES = [
  { resourceType: 'Organization', id: 'a', name: 'Avdeling A' },
  { resourceType: 'Organization', id: 'b', name: 'Avdeling B' },
];
const MEDIA: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  json: 'application/json',
};

function answer(route: Route, body: string | Uint8Array, kind: string): Promise<void> {
  const contentType = MEDIA[kind] ?? 'application/octet-stream';
  return route.fulfill({ body: typeof body === 'string' ? body : Buffer.from(body), contentType });
}

/** The codings of a shipped value set whose display holds a text; those of whole code systems alone. */
async function codingsOf(canonical: string, text: string) {
  const [valueSets, codeSystems] = await Promise.all([
    shipped<ValueSet>('terminology/value-sets'),
    shipped<CodeSystem>('terminology/code-systems'),
  ]);
  const include = valueSets.find(({ url }) => url === canonical.split('|')[0])?.compose?.include ?? [];
  const codings = include.flatMap(({ system, concept }) => {
    const all: readonly CodeSystemConcept[] = concept ?? codeSystems.find(({ url }) => url === system)?.concept ?? [];
    return all.map(({ code, display }) => ({ system, code, display }));
  });
  return codings.filter(({ display }) => display?.toLowerCase().includes(text.toLowerCase()));
}

/** The resources of a folder. */
async function shipped<T>(folder: string): Promise<readonly T[]> {
  const names = await readdir(path.join(ROOT, folder), { recursive: true });
  const files = names.filter((name) => name.endsWith('.json'));
  return Promise.all(files.map(async (name) => JSON.parse(await readFile(path.join(ROOT, folder, name), 'utf8'))));
}
