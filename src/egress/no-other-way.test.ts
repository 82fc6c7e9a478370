import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';

/** What opens connections to elsewhere. */
const WAYS = [
  /(?<![.\w])fetch\(/,
  /globalThis\.fetch/,
  /\bhttps?\.(request|get)\(/,
  /\bnet\.(connect|createConnection)\(/,
  /\btls\.connect\(/,
  /from '(undici|node:dgram|node:dns(\/promises)?)'/,
  /import \{[^}]*\b(request|get|connect|createConnection)\b[^}]*\} from 'node:(http|https|http2|net|tls)'/,
  /new (WebSocket|EventSource)\(/,
  /createRemoteJWKSet\(/,
  /from 'nodemailer'/,
];

/**
 * Files that open connections by design: the guarded fetch itself, the channel to the one mail server that is configured,
 * PostgreSQL's own process, the commands that are clients of the server, and what runs in browsers, which the pages' policy
 * (connect-src 'self') holds to the server that it came from.
 */
const MAY = [
  'src/egress/',
  'src/delivery/smtp.ts',
  'src/commands/demo/',
  'src/commands/administration/',
  'src/runtime/postgres/',
  'src/web/',
];

/** A call of a function that was given: it is a guarded one, since nothing else makes any. */
const GIVEN = /createRemoteJWKSet\([^;]*customFetch/s;

async function sources(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !/\.test\.ts$|\.d\.ts$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

test('nothing but src/egress opens a connection to elsewhere: no canonical, attachment, subscription or key set is fetched past it', async () => {
  const files = [...(await sources('src')), ...(await sources('bots'))].filter(
    (file) => !MAY.some((folder) => file.startsWith(folder)),
  );
  expect(files.length).toBeGreaterThan(100);
  const found: string[] = [];
  for (const file of files) {
    const code = await readFile(file, 'utf8');
    for (const way of WAYS) {
      if (way.test(code) && !(way.source.startsWith('createRemote') && GIVEN.test(code))) found.push(`${file}: ${way}`);
    }
  }
  expect(found).toEqual([]);
});

test.each([
  'const answer = await fetch(url);',
  'http.request(url)',
  "import { request } from 'undici';",
  "import { createServer, request } from 'node:http';",
  'createRemoteJWKSet(new URL(jwksUri))',
])('the test would find: %s', (code) => {
  expect(WAYS.some((way) => way.test(code)) && !GIVEN.test(code)).toBe(true);
});
