import type { HistoryEntry, Query } from '../interactions/types.ts';
import { fhirError } from '../model/issue.ts';
import { textAnswer } from './answer.ts';
import { bundleText } from './bundle-text.ts';
import { etagOf } from './conditions.ts';
import type { Answer, Exchange } from './exchange.ts';
import { pageLinks } from './links.ts';
import { isLenient } from './search.ts';
import { shown } from './shown.ts';

const PARAMETERS = new Set(['_since', '_at', '_count', '_offset', '_page']);

/** history of an instance, a type or the system, newest first (FHIR R4 http.html#history). */
export async function history(exchange: Exchange, scope: { type?: string; id?: string }): Promise<Answer> {
  const { caller, context } = exchange;
  const query = asked(exchange);
  const page = await context.interactions.history(caller, scope, query);
  const path = [scope.type, scope.id, '_history'].filter((segment) => segment !== undefined).join('/');
  const text = bundleText({
    type: 'history',
    total: page.total,
    links: pageLinks(
      exchange,
      path,
      query.filter(([, value]) => value !== ''),
      page,
    ),
    entries: page.entries.map((entry) => historyEntryText(exchange, entry)),
  });
  return textAnswer(exchange, text);
}

/** A parameter that is passed over would give more than was asked for, so unknown ones are refused, as in searches. */
function asked(exchange: Exchange): Query {
  const unknown = exchange.query.filter(([name, value]) => value !== '' && !PARAMETERS.has(name));
  if (unknown.length > 0 && !isLenient(exchange)) {
    throw fhirError(400, 'not-supported', 'A history takes _since, _at, _count and _offset only.');
  }
  return exchange.query.filter(([name]) => PARAMETERS.has(name));
}

function historyEntryText(exchange: Exchange, entry: HistoryEntry): string {
  const address = `${exchange.request.baseUrl}/${entry.type}/${entry.id}`;
  const url = entry.method === 'POST' ? entry.type : `${entry.type}/${entry.id}`;
  const resource = entry.deleted ? '' : `"resource":${shown(exchange, entry)},`;
  const response = JSON.stringify({
    status: statusOf(entry),
    etag: etagOf(entry.version),
    lastModified: new Date(entry.updated).toISOString(),
  });
  return `{"fullUrl":"${address}",${resource}"request":{"method":"${entry.method}","url":"${url}"},"response":${response}}`;
}

function statusOf(entry: HistoryEntry): string {
  if (entry.deleted) {
    return '204';
  }
  return entry.version === 1 ? '201' : '200';
}
