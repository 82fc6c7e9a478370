import type { Page, WriteResult } from '../interactions/types.ts';
import { FhirError, operationOutcome } from '../model/issue.ts';
import type { StoredVersion } from '../model/stored.ts';
import { textAnswer, writeIssues } from './answer.ts';
import type { EntryRequest } from './bundle-entry.ts';
import { bundleText, type EntryResponse, responseEntryText } from './bundle-text.ts';
import { etagOf, notModified } from './conditions.ts';
import type { Answer, Exchange } from './exchange.ts';
import { searchsetText } from './page.ts';
import { presentationOf } from './presentation.ts';
import { parseQuery } from './query.ts';
import { isLenient, pageAsked } from './search.ts';
import { shown } from './shown.ts';
import { transactionEntry } from './transaction-entry.ts';

/** All entries or none (FHIR R4 http.html#transaction); the answers stand in the order of the entries. */
export async function transaction(exchange: Exchange, sent: readonly (EntryRequest | FhirError)[]): Promise<Answer> {
  const { caller, context } = exchange;
  const requests = sent.map((request) => {
    if (request instanceof FhirError) {
      throw request;
    }
    return request;
  });
  const entries = requests.map((request) => transactionEntry(request, context.limits, isLenient(exchange)));
  const results = await context.interactions.transaction(caller, entries);
  const texts = requests.map((request, i) => resultText(exchange, request, results[i]));
  return textAnswer(exchange, bundleText({ type: 'transaction-response', entries: texts }));
}

function resultText(
  exchange: Exchange,
  request: EntryRequest,
  result: WriteResult | StoredVersion | Page | undefined,
): string {
  if (result === undefined) {
    return responseEntryText({ status: '204' }, undefined, undefined);
  }
  if ('stored' in result) {
    return writeText(exchange, result);
  }
  const { presentation } = presentationOf(parseQuery(request.query));
  const asked: Exchange = { ...exchange, presentation };
  if ('matches' in result) {
    if (request.method === 'HEAD') {
      return responseEntryText({ status: '200' }, undefined, undefined);
    }
    return responseEntryText(
      { status: '200' },
      searchsetText(asked, request.path, pageAsked(result, presentation)),
      undefined,
    );
  }
  if (notModified(request.headers, result)) {
    return responseEntryText(responseOf('304', result), undefined, undefined);
  }
  if (request.method === 'HEAD') {
    return responseEntryText(responseOf('200', result), undefined, undefined);
  }
  return responseEntryText(responseOf('200', result), shown(asked, result), undefined);
}

function writeText({ preferences }: Exchange, result: WriteResult): string {
  const { stored, outcome } = result;
  if (outcome === 'deleted') {
    return responseEntryText(responseOf('204', stored), undefined, undefined);
  }
  const response = {
    ...responseOf(outcome === 'created' ? '201' : '200', stored),
    location: `${stored.type}/${stored.id}/_history/${stored.version}`,
  };
  switch (preferences.return) {
    case 'minimal':
      return responseEntryText(response, undefined, undefined);
    case 'OperationOutcome':
      return responseEntryText(response, undefined, JSON.stringify(operationOutcome(writeIssues(result))));
    case 'representation':
      return responseEntryText(response, stored.content, undefined);
  }
}

function responseOf(status: string, stored: StoredVersion): EntryResponse {
  return { status, etag: etagOf(stored.version), lastModified: new Date(stored.updated).toISOString() };
}
