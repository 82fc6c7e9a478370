import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

const compress = promisify(gzip);

/** Below this a fast network is quicker than gzip, and our processor is the scarce thing. */
const COMPRESSED_FROM_BYTES = 1024 * 1024;

/** How long a client that sent too much is listened to after its answer, so that the answer reaches it. */
const LINGER_MS = 2000;

export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** In place of `body`. */
  readonly bytes?: Buffer;
}

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

/** Writes a whole answer at once, its length told; resolves to the bytes of its body. */
export async function send(request: IncomingMessage, response: ServerResponse, answer: Sent): Promise<number> {
  if (response.destroyed || response.headersSent) {
    return 0;
  }
  const headers: Record<string, string | number> = { ...SECURITY_HEADERS, ...answer.headers };
  const given = answer.bytes ?? answer.body;
  if (given === undefined) {
    if (answer.status !== 204 && answer.status !== 304) {
      headers['content-length'] = 0;
    }
    return end(request, response, answer.status, headers, undefined);
  }
  let body = typeof given === 'string' ? Buffer.from(given, 'utf8') : given;
  if (body.length >= COMPRESSED_FROM_BYTES) {
    headers.vary = 'accept-encoding, origin';
    if (/\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\b)/.test(request.headers['accept-encoding'] ?? '')) {
      body = await compress(body, { level: constants.Z_BEST_SPEED });
      headers['content-encoding'] = 'gzip';
    }
  }
  headers['content-length'] = body.length;
  return end(request, response, answer.status, headers, body);
}

function end(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Record<string, string | number>,
  body: Buffer | undefined,
): number {
  const unread = !request.complete && hasBody(request);
  if (unread) {
    headers.connection = 'close';
  }
  response.writeHead(status, headers);
  if (unread && body !== undefined) {
    // Closing now would reset the connection under a client that still writes, and it would never read the answer.
    response.write(body);
    request.resume();
    const timer = setTimeout(() => response.end(), LINGER_MS);
    request.once('close', () => {
      clearTimeout(timer);
      response.end();
    });
    request.once('end', () => response.end());
    return body.length;
  }
  response.end(request.method === 'HEAD' ? undefined : body);
  return body?.length ?? 0;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
