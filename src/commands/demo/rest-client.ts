import type { Bundle, Resource } from '@medplum/fhirtypes';

const PAGE = 500;
/** The demo's program that may do everything; production has none. */
const DEMO_ADMIN = `Basic ${Buffer.from('demo-admin:demo').toString('base64')}`;

/** What the demo asks of its server, over HTTP like any client. */
export interface RestClient {
  transaction(bundle: Bundle): Promise<void>;
  /** All that a search finds, page by page. */
  all<R extends Resource>(search: string): Promise<R[]>;
  /** Moves the test clock; answered when everything that fell due until then has been done. */
  moveClock(to: Date): Promise<void>;
}

/** @param url the server's address, without /fhir/R4. Rejects with what the server answered to a refused request */
export function restClient(url: string): RestClient {
  const base = `${url}/fhir/R4`;
  async function ask<T>(method: string, address: string, body?: unknown): Promise<T> {
    const type = address.startsWith(base) ? 'application/fhir+json' : 'application/json';
    const answer = await fetch(address, {
      method,
      headers: { 'content-type': type, authorization: DEMO_ADMIN },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) {
      throw new Error(
        `${method} ${address.slice(url.length)} was answered with ${answer.status}: ${text.slice(0, 500)}`,
      );
    }
    return JSON.parse(text) as T;
  }
  return {
    async transaction(bundle) {
      await ask('POST', base, bundle);
    },
    async all<R extends Resource>(search: string) {
      const found: R[] = [];
      let address: string | undefined = `${base}/${search}${search.includes('?') ? '&' : '?'}_count=${PAGE}`;
      while (address !== undefined) {
        const page: Bundle<R> = await ask('GET', address);
        found.push(...(page.entry ?? []).flatMap(({ resource }) => resource ?? []));
        address = page.link?.find(({ relation }) => relation === 'next')?.url;
      }
      return found;
    },
    async moveClock(to) {
      await ask('POST', `${url}/test-clock`, { now: to.toISOString() });
    },
  };
}
