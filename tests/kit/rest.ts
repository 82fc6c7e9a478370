import type { Bundle, Resource } from '@medplum/fhirtypes';

export interface Reply<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/**
 * A plain FHIR client: tells status, headers and the parsed body of every answer.
 * @param credentials headers that say who asks
 */
export function rest(base: string, credentials: Record<string, string> = {}) {
  async function send<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply<T>> {
    const answer = await fetch(path.startsWith('http') ? path : `${base}/${path}`, {
      method,
      headers: { 'content-type': 'application/fhir+json', ...credentials, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: (text === '' ? undefined : JSON.parse(text)) as T };
  }
  return {
    send,
    get: <T = Resource>(path: string, headers?: Record<string, string>) => send<T>('GET', path, undefined, headers),
    post: <T = Resource>(path: string, body: unknown, headers?: Record<string, string>) =>
      send<T>('POST', path, body, headers),
    put: <T = Resource>(path: string, body: unknown, headers?: Record<string, string>) =>
      send<T>('PUT', path, body, headers),
    /** The matches of a search. */
    async search<T extends Resource>(query: string): Promise<T[]> {
      const { status, body } = await send<Bundle<T>>('GET', query);
      if (status !== 200) {
        throw new Error(`${query}: ${status} ${JSON.stringify(body)}`);
      }
      return (body.entry ?? []).flatMap((entry) =>
        entry.search?.mode === 'match' && entry.resource ? [entry.resource] : [],
      );
    },
  };
}

export type Rest = ReturnType<typeof rest>;
