import type { IncomingMessage } from 'node:http';

/**
 * Whether a request that comes with a cookie was made by our own pages (or by a person who typed the address), not by
 * another site that sends the person's browser here. Browsers tell by Sec-Fetch-Site (Fetch Metadata) and Origin, which no
 * page can forge; a header of our own (`X-Medplum`) can be set only by pages whom CORS lets in.
 *
 * @param origin of this server, as browsers send it
 */
export function isSameOrigin({ method, headers }: IncomingMessage, origin: string): boolean {
  const { origin: from, 'sec-fetch-site': site } = headers;
  if (from !== undefined) return from === origin;
  if (site !== undefined) {
    return site === 'same-origin' || (site === 'none' && (method === 'GET' || method === 'HEAD'));
  }
  return headers['x-medplum'] !== undefined;
}
