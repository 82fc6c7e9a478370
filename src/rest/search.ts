import type { Page, Query } from '../interactions/types.ts';
import { fhirError } from '../model/issue.ts';
import { textAnswer } from './answer.ts';
import { requireForm } from './content-type.ts';
import type { Answer, Exchange } from './exchange.ts';
import { searchsetText } from './page.ts';
import { type Presentation, presentationOf } from './presentation.ts';
import { parseQuery } from './query.ts';

/** search: GET [type]?…, or GET [base]?_type=… where `type` is undefined (FHIR R4 http.html#search). */
export async function search(exchange: Exchange, type: string | undefined): Promise<Answer> {
  const page = await pageOf(exchange, type);
  return textAnswer(exchange, searchsetText(exchange, type ?? '', page));
}

/** Ten times what the most values that a search takes need; each costs many times its length to read. */
const FORM_BYTES_MAX = 2 ** 20;

/** search: POST [type]/_search or POST [base]/_search; the parameters of the url and of the form body count together. */
export async function postedSearch(exchange: Exchange, type: string | undefined): Promise<Answer> {
  const { body, headers, query } = exchange.request;
  if (body !== undefined && body.length > 0) {
    requireForm(headers['content-type'] ?? '');
    if (body.length > FORM_BYTES_MAX) {
      throw fhirError(413, 'too-long', `A search may have at most ${FORM_BYTES_MAX} bytes.`);
    }
  }
  const { presentation, rest } = presentationOf([...parseQuery(query), ...parseQuery(body?.toString('utf8').trim())]);
  return search({ ...exchange, query: rest, presentation }, type);
}

async function pageOf(exchange: Exchange, type: string | undefined): Promise<Page> {
  const { caller, context, presentation, query } = exchange;
  const options = { lenient: isLenient(exchange) };
  return pageAsked(
    await context.interactions.search(caller, type, queryOfPage(query, presentation), options),
    presentation,
  );
}

/** Whether search parameters that are not known are passed over. */
export function isLenient({ caller, preferences }: Pick<Exchange, 'caller' | 'preferences'>): boolean {
  return preferences.lenient ?? caller.lenientSearch === true;
}

/** What is searched: `_summary=count` asks for a page of none with its total (FHIR R4 search.html#summary). */
export function queryOfPage(query: Query, { summary }: Presentation): Query {
  return summary === 'count' ? [...withoutCount(query), ...COUNT_ONLY] : query;
}

/** The page that such a query found as it is told: with what was asked in its links. */
export function pageAsked(page: Page, { summary }: Presentation): Page {
  return summary === 'count' ? { ...page, used: withoutCount(page.used), next: undefined, previous: undefined } : page;
}

const COUNT_ONLY: Query = [
  ['_count', '0'],
  ['_total', 'accurate'],
];

function withoutCount(query: Query): Query {
  return query.filter(([name]) => name !== '_count' && name !== '_total');
}
