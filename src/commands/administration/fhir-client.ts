import type { Bundle, OperationOutcome, Resource } from '@medplum/fhirtypes';
import type { Invocation } from '../command.ts';
import { credentialsIn } from './credentials.ts';

const PAGE = 200;
/** Of one list; who needs more narrows it by a filter. */
const ROWS_MAX = 10_000;

/** What browsers send: a page where there is one. */
const PAGE_FIRST = { accept: 'text/html, */*;q=0.8' };

export type Criteria = readonly (readonly [name: string, value: string])[];

/**
 * The server as a command of administration asks it: over REST, as the client or the person whose credentials the
 * environment holds, with their access and their trace in the audit. Whatever names a person is sent in a body, never in
 * an address.
 */
export interface FhirClient {
  get<T>(path: string): Promise<T>;
  /** A page to look at. */
  text(path: string, language: string): Promise<string>;
  post<T>(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Created<T>>;
  put<T>(path: string, body: unknown): Promise<T>;
  delete(path: string): Promise<void>;
  /** All matches, page by page, and what came with them. */
  all(type: string, criteria: Criteria): Promise<Found>;
}

export interface Created<T> {
  readonly status: number;
  readonly body: T;
}

export interface Found {
  readonly matches: readonly Resource[];
  readonly includes: readonly Resource[];
}

/** The option by which every command of administration is told its server. */
export const serverOption = {
  server: 'the address of the server, without /fhir/R4 (SVAR_BASE_URL, else http://localhost:PORT)',
};

/** @throws Error, in words for the operator, where the environment holds no credentials */
export function fhirClient({ settings, options }: Invocation): FhirClient {
  const server = (options.server ?? settings.baseUrl ?? `http://localhost:${settings.port}`).replace(/\/$/, '');
  const base = `${server}/fhir/R4`;
  const credentials = credentialsIn(process.env);

  async function ask(
    method: string,
    address: string,
    body?: { readonly type: string; readonly text: string },
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await fetch(`${base}/${address}`, {
      method,
      headers: {
        accept: 'application/fhir+json',
        ...credentials,
        ...(body !== undefined && { 'content-type': body.type }),
        ...headers,
      },
      ...(body !== undefined && { body: body.text }),
    }).catch((problem: Error) => {
      const cause = problem.cause instanceof Error ? problem.cause.message : problem.message;
      throw new Error(`The server at ${server} does not answer: ${cause}`);
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(refusal(answer.status, text));
    return { status: answer.status, text };
  }

  async function askJson<T>(...asked: Parameters<typeof ask>): Promise<Created<T>> {
    const { status, text } = await ask(...asked);
    return { status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  }

  const json = (value: unknown) => ({ type: 'application/fhir+json', text: JSON.stringify(value) });

  async function searched(type: string, text: string): Promise<Bundle> {
    const body = { type: 'application/x-www-form-urlencoded', text };
    return (await askJson<Bundle>('POST', `${type}/_search`, body)).body;
  }

  function page(type: string, criteria: Criteria): Promise<Bundle> {
    const form = new URLSearchParams([['_count', String(PAGE)]]);
    for (const [name, value] of criteria) form.append(name, value);
    return searched(type, form.toString());
  }

  return {
    text: async (path, language) =>
      (await ask('GET', path, undefined, { ...PAGE_FIRST, 'accept-language': language })).text,
    get: async <T>(path: string) => (await askJson<T>('GET', path)).body,
    post: <T>(path: string, body: unknown, headers?: Readonly<Record<string, string>>) =>
      askJson<T>('POST', path, json(body), headers),
    put: async <T>(path: string, body: unknown) => (await askJson<T>('PUT', path, json(body))).body,
    delete: async (path) => {
      await ask('DELETE', path);
    },
    async all(type, criteria) {
      const pages = [await page(type, criteria)];
      for (let next = nextOf(pages.at(-1)); next !== undefined; next = nextOf(pages.at(-1))) {
        if (pages.length * PAGE >= ROWS_MAX) throw new Error(`There are more than ${ROWS_MAX}: narrow the list.`);
        // its address holds the criteria, and is the one at which others reach the server
        pages.push(await searched(type, new URL(next).search.slice(1)));
      }
      return found(pages);
    },
  };
}

function nextOf(bundle: Bundle | undefined): string | undefined {
  return bundle?.link?.find(({ relation }) => relation === 'next')?.url;
}

function found(pages: readonly Bundle[]): Found {
  const entries = pages.flatMap(({ entry = [] }) => entry);
  const ofMode = (mode: string) =>
    entries.flatMap(({ resource, search }) => (resource !== undefined && search?.mode === mode ? [resource] : []));
  return { matches: ofMode('match'), includes: ofMode('include') };
}

/** What a refusal says, in the server's words. */
function refusal(status: number, text: string): string {
  try {
    const { issue = [] } = JSON.parse(text) as OperationOutcome;
    const words = issue.flatMap(({ diagnostics, details }) => diagnostics ?? details?.text ?? []);
    if (words.length > 0) return `The server refused (${status}): ${words.join(' ')}`;
  } catch {
    // not FHIR: something before the server has answered
  }
  return `The server refused (${status}).`;
}
