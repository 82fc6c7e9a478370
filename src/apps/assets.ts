import { access } from 'node:fs/promises';
import path from 'node:path';
import express, { type Request, type Response, type Router } from 'express';

/** A file whose name holds a digest of what is in it never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/** The files of an app, compressed as src/web/compress.ts has left them beside, where the browser takes that. */
export function assets(folder: string): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.use(async (request, _response, next) => {
    request.url = await compressed(folder, request);
    next();
  });
  router.use(express.static(folder, { index: false, fallthrough: false, setHeaders: setFileHeaders }));
  return router;
}

async function compressed(folder: string, request: Request): Promise<string> {
  const name = /^\/([\w.-]+)(?:\?|$)/.exec(request.url)?.[1];
  if (name === undefined || name.endsWith('.br') || name.endsWith('.gz')) return request.url;
  for (const [encoding, ending] of ENCODINGS) {
    if (request.acceptsEncodings(encoding) === false) continue;
    const isThere = await access(path.join(folder, name + ending)).then(
      () => true,
      () => false,
    );
    if (isThere) return `/${name}${ending}`;
  }
  return request.url;
}

function setFileHeaders(response: Response, file: string): void {
  response.set('cache-control', FOR_EVER).vary('accept-encoding');
  const found = ENCODINGS.find(([, ending]) => file.endsWith(ending));
  if (found === undefined) return;
  const [encoding, ending] = found;
  response.set('content-encoding', encoding).type(path.extname(file.slice(0, -ending.length)));
}
