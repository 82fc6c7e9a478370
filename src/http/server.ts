import { createServer, type IncomingMessage, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { error, operationOutcome } from '../model/issue.ts';

export interface ServerTimeouts {
  /** For the headers of a request to arrive. */
  readonly headers_ms: number;
  /** For a whole request to arrive, body included: 50 MB at 5 Mbit/s take 84 s. */
  readonly request_ms: number;
  /** For the next request on a connection; longer than the usual minute of a proxy before us. */
  readonly keepAlive_ms: number;
  /** Without a byte in either direction. */
  readonly silence_ms: number;
}

export const serverTimeouts: ServerTimeouts = {
  headers_ms: 20_000,
  request_ms: 120_000,
  keepAlive_ms: 65_000,
  silence_ms: 180_000,
};

/** Room for the urls of long searches; POST _search takes longer ones. */
const HEADER_BYTES_MAX = 64 * 1024;

/** What a server needs to serve https itself, as PEM. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

/** An HTTP server, by TLS 1.2 or later where it has a certificate, that slow or broken clients cannot hold up. Not listening yet. */
export function createHttpServer(
  listener: RequestListener,
  timeouts: ServerTimeouts = serverTimeouts,
  tls?: TlsFiles,
): Server {
  const options = {
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: timeouts.headers_ms,
    requestTimeout: timeouts.request_ms,
    keepAliveTimeout: timeouts.keepAlive_ms,
    connectionsCheckingInterval: Math.min(5_000, Math.ceil(timeouts.headers_ms / 4)),
    // HTTP/2 is offered by clients such as Java's in each request, and not taken: their request is answered by HTTP/1.1
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
  };
  const server =
    tls === undefined
      ? createServer(options, listener)
      : createTlsServer({ ...options, cert: tls.certificate, key: tls.key, minVersion: 'TLSv1.2' }, listener);
  server.setTimeout(timeouts.silence_ms);
  server.on('clientError', (problem: NodeJS.ErrnoException, socket) => {
    if (problem.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    socket.end(refusal(problem.code));
  });
  return server;
}

/** What cannot be read as HTTP is answered once, and the connection closed. */
function refusal(code: string | undefined): string {
  const [status, text] =
    code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'The headers or the url are too long; long searches can be sent by POST _search.']
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'The request did not arrive in time.']
        : [400, 'This is not an HTTP request that can be understood.'];
  const body = JSON.stringify(operationOutcome([error(status === 408 ? 'timeout' : 'invalid', text)]));
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: application/fhir+json; charset=utf-8\r\n` +
    `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

/**
 * Stops taking connections and waits for the requests that are under way, at most `grace_ms`; then ends what is left.
 */
export function drain(server: Server, grace_ms: number): Promise<void> {
  return new Promise((resolve) => {
    // Connections kept alive become idle as their last request ends.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    const deadline = setTimeout(() => server.closeAllConnections(), grace_ms);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(deadline);
      resolve();
    });
    server.closeIdleConnections();
  });
}
