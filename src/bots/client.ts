import { ClientStorage, MedplumClient, MemoryStorage } from '@medplum/core';
import type { RestRequest, RestResponse } from '../rest/exchange.ts';
import { withRelativeReferences } from './own-references.ts';

/** Answers a FHIR request within the unit of work that the bot runs in. */
export type Handle = (request: RestRequest) => Promise<RestResponse>;

/**
 * The MedplumClient that a bot is given: the real one, its requests answered in this process and within the bot's unit
 * of work. It keeps no cache: what it reads is what the unit sees. References to this server are relative in what it reads.
 */
export function botClient(handle: Handle, baseUrl: string): MedplumClient {
  const origin = new URL(baseUrl).origin;
  const below = new URL(baseUrl).pathname.replace(/^\//, '');
  return new MedplumClient({
    baseUrl: origin,
    fhirUrlPath: below,
    cacheTime: 0,
    extendedMode: false,
    storage: new ClientStorage(new MemoryStorage()),
    fetch: async (input: string | URL, init: RequestInit = {}) => {
      const url = new URL(input);
      const path = url.pathname.startsWith(`/${below}`) ? url.pathname.slice(below.length + 1) : url.pathname;
      const headers = Object.fromEntries(
        [...new Headers(init.headers)].map(([name, value]) => [name.toLowerCase(), value]),
      );
      const answer = await handle({
        method: init.method ?? 'GET',
        path,
        query: url.search.slice(1),
        headers,
        baseUrl,
        ...(init.body === undefined || init.body === null ? {} : { body: Buffer.from(String(init.body)) }),
      });
      const noBody = answer.status === 204 || answer.status === 304 || answer.body === undefined;
      return new Response(noBody ? null : withRelativeReferences(answer.body, baseUrl), {
        status: answer.status,
        headers: answer.headers,
      });
    },
  });
}
