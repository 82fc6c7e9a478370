import { ClientStorage, MedplumClient, MemoryStorage } from '@medplum/core';
import type { RestRequest, RestResponse } from '../rest/exchange.ts';
import { InProcessResponse } from './in-process-response.ts';

/** Answers a FHIR request within the unit of work that the bot runs in. */
export type Handle = (request: RestRequest) => Promise<RestResponse>;

/**
 * The MedplumClient that a bot is given: the real one, its requests answered in this process and within the bot's unit
 * of work. It keeps no cache: what it reads is what the unit sees. References to this server are relative in what it reads.
 */
export function botClient(handle: Handle, baseUrl: string): MedplumClient {
  const { origin, pathname } = new URL(baseUrl);
  const below = pathname.replace(/^\//, '');
  const base = `${origin}/${below}`;
  return new MedplumClient({
    baseUrl: origin,
    fhirUrlPath: below,
    cacheTime: 0,
    extendedMode: false,
    storage: new ClientStorage(new MemoryStorage()),
    fetch: async (input: string | URL, init: RequestInit = {}) => {
      const [url = '', query = ''] = String(input).split(/\?(.*)/s);
      const path = url.startsWith(base) ? url.slice(base.length) : new URL(url).pathname;
      const answer = await handle({
        method: init.method ?? 'GET',
        path,
        query,
        headers: headersOf(init.headers),
        baseUrl,
        ...(init.body === undefined || init.body === null ? {} : { body: Buffer.from(String(init.body)) }),
      });
      return new InProcessResponse(answer, path, baseUrl);
    },
  });
}

/** Names in lower case. The client itself gives an object; only a bot may give others. */
function headersOf(given: RequestInit['headers']): Record<string, string> {
  const pairs =
    given === undefined || Array.isArray(given) || given instanceof Headers ? [...new Headers(given)] : null;
  return Object.fromEntries((pairs ?? Object.entries(given ?? {})).map(([name, value]) => [name.toLowerCase(), value]));
}
