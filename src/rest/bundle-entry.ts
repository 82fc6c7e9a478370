import type { Bundle, BundleEntry, BundleEntryRequest } from '@medplum/fhirtypes';
import type { ResourceText } from '../interactions/types.ts';
import { FhirError, fhirError } from '../model/issue.ts';
import { entryTexts } from '../model/json/bundle-entries.ts';
import type { Exchange } from './exchange.ts';
import { resourceText } from './resource-body.ts';

/** One request inside a batch or transaction, as it was sent. */
export interface EntryRequest {
  /** FHIRPath of the entry: `Bundle.entry[3]`. */
  readonly where: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Relative to the base, without a leading slash. */
  readonly path: string;
  readonly query: string;
  readonly fullUrl: string | undefined;
  readonly body: ResourceText | undefined;
  /** The conditions, under the names of their headers. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/**
 * The requests of a batch or transaction (FHIR R4 http.html#transaction, bundle.html), and in the place of an entry that
 * is no request what is wrong with it: an entry of a batch is refused alone.
 *
 * @throws FhirError 400 where two entries have one fullUrl, 413 where there are more entries than the server takes
 */
export function entryRequests(
  { context, request }: Exchange,
  bundle: Bundle,
  text: string,
): readonly (EntryRequest | FhirError)[] {
  const entries: unknown = bundle.entry ?? [];
  if (!Array.isArray(entries)) {
    throw fhirError(400, 'structure', 'entry must be an array.', 'Bundle.entry');
  }
  if (entries.length > context.limits.entriesMax) {
    throw fhirError(
      413,
      'too-costly',
      `A Bundle may hold at most ${context.limits.entriesMax} entries.`,
      'Bundle.entry',
    );
  }
  const texts = entryTexts(text);
  const requests = entries.map((entry: BundleEntry | null, index) => {
    try {
      return entryRequest(entry, index, texts[index], request.baseUrl);
    } catch (error) {
      if (error instanceof FhirError) {
        return error;
      }
      throw error;
    }
  });
  refuseDuplicates(requests);
  return requests;
}

function entryRequest(
  entry: BundleEntry | null,
  index: number,
  text: string | undefined,
  baseUrl: string,
): EntryRequest {
  const where = `Bundle.entry[${index}]`;
  const request = entry?.request;
  const method = METHODS.find((known) => known === request?.method);
  if (typeof request?.url !== 'string' || method === undefined) {
    throw fhirError(400, 'required', 'Each entry needs a request with a method and a url.', `${where}.request`);
  }
  if (entry?.fullUrl !== undefined && typeof entry.fullUrl !== 'string') {
    throw fhirError(400, 'structure', 'fullUrl must be a string.', `${where}.fullUrl`);
  }
  refuseUnknown(entry, ENTRY, where);
  refuseUnknown(request, REQUEST, `${where}.request`);
  const { path, query } = relative(method, request.url, baseUrl, where);
  const body = text === undefined ? undefined : resourceText(entry?.resource, text, `${where}.resource`);
  if (body === undefined && (method === 'PUT' || method === 'PATCH')) {
    throw fhirError(400, 'required', `An entry with ${method} needs a resource.`, `${where}.resource`);
  }
  return {
    where,
    method,
    path,
    query,
    fullUrl: entry?.fullUrl,
    body,
    headers: {
      'if-match': condition(request, 'ifMatch', where),
      'if-none-match': condition(request, 'ifNoneMatch', where),
      'if-modified-since': condition(request, 'ifModifiedSince', where),
      'if-none-exist': condition(request, 'ifNoneExist', where),
    },
  };
}

/** Urls come relative, with a leading slash (Medplum's client), or absolute below this server's base. */
function relative(method: string, url: string, baseUrl: string, where: string): { path: string; query: string } {
  let below = url;
  if (url.startsWith(`${baseUrl}/`)) {
    below = url.slice(baseUrl.length + 1);
  } else if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(url)) {
    throw fhirError(400, 'value', 'The url is absolute and not below this server’s base.', `${where}.request.url`);
  }
  const mark = below.indexOf('?');
  const path = (mark < 0 ? below : below.slice(0, mark)).replace(/^\/+|\/+$/g, '');
  const query = mark < 0 ? '' : below.slice(mark + 1);
  if (path === '' && (query === '' || method === 'POST')) {
    throw fhirError(400, 'not-supported', 'A Bundle cannot be nested in a Bundle.', `${where}.request.url`);
  }
  return { path, query };
}

const CONDITIONS = ['ifMatch', 'ifNoneMatch', 'ifModifiedSince', 'ifNoneExist'] as const;
const ELEMENT = ['id', 'extension', 'modifierExtension'];
/** What an entry may hold, and its request (FHIR R4 bundle.html): a misspelt condition must not be passed over. */
const ENTRY = new Set([...ELEMENT, 'link', 'fullUrl', 'resource', 'search', 'request', 'response']);
const REQUEST = new Set([...ELEMENT, 'method', 'url', ...CONDITIONS]);

function condition(request: BundleEntryRequest, name: (typeof CONDITIONS)[number], where: string): string | undefined {
  const value: unknown = request[name];
  if (value !== undefined && typeof value !== 'string') {
    throw fhirError(400, 'structure', `${name} must be a string.`, `${where}.request.${name}`);
  }
  return value;
}

function refuseUnknown(value: object | null, known: ReadonlySet<string>, where: string): void {
  for (const name of Object.keys(value ?? {})) {
    if (!known.has(name.replace(/^_/, ''))) {
      throw fhirError(400, 'structure', 'FHIR R4 has no element of this name here.', `${where}.${name}`);
    }
  }
}

function refuseDuplicates(requests: readonly (EntryRequest | FhirError)[]): void {
  const seen = new Set<string>();
  for (const request of requests) {
    const { fullUrl, where } = request instanceof FhirError ? { fullUrl: undefined, where: '' } : request;
    if (fullUrl !== undefined && seen.has(fullUrl)) {
      throw fhirError(400, 'duplicate', 'Another entry of the Bundle has the same fullUrl.', `${where}.fullUrl`);
    }
    if (fullUrl !== undefined) {
      seen.add(fullUrl);
    }
  }
}
