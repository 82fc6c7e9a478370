import type { ResourceText, TransactionEntry } from '../interactions/types.ts';
import { FhirError, fhirError } from '../model/issue.ts';
import type { EntryRequest } from './bundle-entry.ts';
import { criteria, ifMatch, ifNoneExist, ifNoneMatchAny } from './conditions.ts';
import type { RestLimits } from './exchange.ts';
import { patchInBinary } from './patch-in-binary.ts';
import { presentationOf } from './presentation.ts';
import { parseQuery, queryText } from './query.ts';
import { parseRoute, type Route } from './route.ts';
import { queryOfPage } from './search.ts';

/**
 * An entry of a transaction, its address understood: what a single request would be refused for is refused here too, with
 * the entry's place in `expression`.
 *
 * @param lenient whether its searches pass over parameters that are not known
 */
export function transactionEntry(entry: EntryRequest, limits: RestLimits, lenient: boolean): TransactionEntry {
  try {
    return understood(entry, limits, lenient);
  } catch (error) {
    if (error instanceof FhirError) {
      const expression = (path: string) => (path.startsWith('Bundle.') ? path : `${entry.where}.resource.${path}`);
      throw new FhirError(
        error.status,
        error.issues.map((issue) => ({
          ...issue,
          expression: issue.expression?.map(expression) ?? [`${entry.where}.request`],
        })),
      );
    }
    throw error;
  }
}

function understood(entry: EntryRequest, limits: RestLimits, lenient: boolean): TransactionEntry {
  const route = parseRoute(entry.path);
  const { method, headers, fullUrl } = entry;
  const url = address(route, entry);
  if (method === 'GET' || method === 'HEAD') {
    return { method: 'GET', url, lenient };
  }
  if (route.kind !== 'type' && route.kind !== 'instance') {
    throw notInTransaction(method);
  }
  if (route.kind === 'type' && method !== 'POST') {
    criteria(parseQuery(entry.query), 'The url');
  }
  if (method === 'DELETE') {
    return { method, url, ifMatch: ifMatch(headers) };
  }
  if (method === 'PATCH') {
    const patch = patchInBinary(body(entry).resource, { depthMax: limits.jsonDepthMax });
    return { method, url, patch, ifMatch: ifMatch(headers) };
  }
  const resource = typed(entry, route.type);
  if (method === 'POST') {
    if (route.kind === 'instance') {
      throw notInTransaction(method);
    }
    return { method, url: route.type, fullUrl, body: resource, ifNoneExist: ifNoneExist(headers) };
  }
  if (route.kind === 'instance' && resource.resource.id !== route.id) {
    throw fhirError(400, 'invalid', 'The resource must have the id that the url names.', 'id');
  }
  return { method, url, fullUrl, body: resource, ifMatch: ifMatch(headers), ifNoneMatch: ifNoneMatchAny(headers) };
}

/** Canonical and without what concerns only the form of an answer. */
function address(route: Route, entry: EntryRequest): string {
  switch (route.kind) {
    case 'type': {
      const { presentation, rest } = presentationOf(parseQuery(entry.query));
      const query = queryText(
        entry.method === 'GET' || entry.method === 'HEAD' ? queryOfPage(rest, presentation) : rest,
      );
      return query === '' ? route.type : `${route.type}?${query}`;
    }
    case 'instance':
      return `${route.type}/${route.id}`;
    case 'version':
      return `${route.type}/${route.id}/_history/${route.version}`;
    default:
      throw notInTransaction(entry.method);
  }
}

function typed(entry: EntryRequest, type: string): ResourceText {
  const resource = body(entry);
  if (resource.resource.resourceType !== type) {
    throw fhirError(400, 'invalid', `The url names ${type}, the resource has another type.`, 'resourceType');
  }
  return resource;
}

function body(entry: EntryRequest): ResourceText {
  if (entry.body === undefined) {
    throw fhirError(400, 'required', `An entry with ${entry.method} needs a resource.`, `${entry.where}.resource`);
  }
  return entry.body;
}

function notInTransaction(method: string) {
  return fhirError(400, 'not-supported', `${method} of this url cannot be part of a transaction; send it in a batch.`);
}
