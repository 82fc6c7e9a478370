import type { EgressRequest, GuardedFetch } from './guarded-fetch.ts';

/** The parts of the web's fetch that OAuth libraries call. */
export type WebFetch = (
  address: string,
  init: {
    readonly method?: string;
    readonly headers?: Headers | Record<string, string>;
    readonly body?: unknown;
  },
) => Promise<Response>;

/** Answers without a body, by the Fetch standard. */
const NULL_BODY = [101, 103, 204, 205, 304];

/**
 * A fetch for libraries (jose, openid-client) that goes the guarded way. Whatever else they ask for (redirects, caches,
 * credentials, streams) they do not get.
 */
export function webFetch(guarded: GuardedFetch, limits: Omit<EgressRequest, 'method' | 'headers' | 'body'>): WebFetch {
  return async (address, { method = 'GET', headers, body }) => {
    if (method !== 'GET' && method !== 'POST') throw new TypeError(`${method} is not sent`);
    const answer = await guarded(address, {
      ...limits,
      method,
      headers: Object.fromEntries(new Headers(headers)),
      ...(body !== undefined && body !== null && { body: textOf(body) }),
    });
    const content = NULL_BODY.includes(answer.status) ? null : new Uint8Array(answer.body);
    return new Response(content, { status: answer.status, headers: answer.headers });
  };
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('only texts and forms are sent');
}
