import type { RequestHandler } from 'express';

const ALLOWED_METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const ALLOWED_HEADERS =
  'Accept, Authorization, Content-Type, DPoP, If-Match, If-Modified-Since, If-None-Exist, If-None-Match, Prefer, X-Medplum, X-Request-Id';
const EXPOSED_HEADERS = 'Content-Location, ETag, Last-Modified, Location, WWW-Authenticate, X-Request-Id';

/**
 * Lets web pages of the named origins use the interface (Fetch standard, CORS protocol). Compared as a whole, never by
 * prefix; credentials are not allowed, tokens are sent as headers.
 * @param more whether another origin is allowed: those of registered clients
 */
export function cors(
  origins: readonly string[],
  more: (origin: string) => Promise<boolean> = async () => false,
): RequestHandler {
  const allowed = new Set(origins);
  return async (request, response, next) => {
    const { origin } = request.headers;
    response.setHeader('vary', 'origin');
    if (origin === undefined || !(allowed.has(origin) || (await more(origin)))) {
      next();
      return;
    }
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-expose-headers', EXPOSED_HEADERS);
    if (request.method !== 'OPTIONS') {
      next();
      return;
    }
    response.setHeader('access-control-allow-methods', ALLOWED_METHODS);
    response.setHeader('access-control-allow-headers', ALLOWED_HEADERS);
    response.setHeader('access-control-max-age', '600');
    response.writeHead(204).end();
  };
}
