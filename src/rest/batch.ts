import { FhirError } from '../model/issue.ts';
import { outcomeAnswer, textAnswer } from './answer.ts';
import type { EntryRequest } from './bundle-entry.ts';
import { bundleText, responseEntryText } from './bundle-text.ts';
import type { Answer, Exchange } from './exchange.ts';

/** An entry, or why it is none. */
type Entry = EntryRequest | FhirError;

/** How many entries that cannot see each other are carried out at once. */
const TOGETHER_MAX = 32;

/**
 * Each entry is carried out as a request of its own, in order, and answers for itself. Neighbouring reads, and
 * neighbouring unconditional creates, start together: nothing in one can depend on the other.
 */
export async function batch(exchange: Exchange, requests: readonly Entry[]): Promise<Answer> {
  const entries: string[] = [];
  for (const group of groups(requests)) {
    const responses = await Promise.all(group.map((request) => carriedOut(exchange, request)));
    entries.push(...responses.map((response, i) => entryText(exchange, group[i]!, response)));
  }
  return textAnswer(exchange, bundleText({ type: 'batch-response', entries }));
}

async function carriedOut({ caller, request, handle }: Exchange, entry: Entry): Promise<Answer> {
  if (entry instanceof FhirError) {
    return outcomeAnswer(entry.status, entry.issues);
  }
  return handle(caller, {
    method: entry.method,
    path: entry.path,
    query: entry.query,
    headers: { ...entry.headers, prefer: request.headers.prefer },
    resource: entry.body,
    baseUrl: request.baseUrl,
  });
}

function entryText({ request, preferences }: Exchange, entry: Entry, response: Answer): string {
  const method = entry instanceof FhirError ? undefined : entry.method;
  const reads = method === 'GET' || method === 'HEAD';
  const isOutcome = response.status >= 400 || (preferences.return === 'OperationOutcome' && !reads);
  const body = method === 'HEAD' ? undefined : response.body;
  return responseEntryText(
    {
      status: String(response.status),
      location: response.headers.location?.replace(`${request.baseUrl}/`, ''),
      etag: response.headers.etag,
      lastModified: response.updated === undefined ? undefined : new Date(response.updated).toISOString(),
    },
    isOutcome ? undefined : body,
    isOutcome ? body : undefined,
  );
}

function groups(requests: readonly Entry[]): Entry[][] {
  const all: Entry[][] = [];
  let kind: string | undefined;
  for (const request of requests) {
    const last = all.at(-1);
    const own = kindOf(request);
    if (last !== undefined && own !== undefined && own === kind && last.length < TOGETHER_MAX) {
      last.push(request);
    } else {
      all.push([request]);
    }
    kind = own;
  }
  return all;
}

/** Requests of one kind cannot see each other; undefined is alone. */
function kindOf(entry: Entry): 'read' | 'create' | undefined {
  if (entry instanceof FhirError) {
    return undefined;
  }
  const { method, path, headers } = entry;
  if (path.includes('$')) {
    return undefined;
  }
  if (method === 'GET' || method === 'HEAD') {
    return 'read';
  }
  const creates = method === 'POST' && !path.includes('/') && headers['if-none-exist'] === undefined;
  return creates ? 'create' : undefined;
}
