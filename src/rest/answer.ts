import type { WriteResult } from '../interactions/types.ts';
import { type Issue, operationOutcome } from '../model/issue.ts';
import type { StoredVersion } from '../model/stored.ts';
import { etagOf } from './conditions.ts';
import type { Answer, Exchange } from './exchange.ts';
import { laidOut } from './presentation.ts';
import { shown } from './shown.ts';

/** A stored version as the whole answer. */
export function resourceAnswer(exchange: Exchange, status: number, stored: StoredVersion): Answer {
  return {
    status,
    headers: versionHeaders(stored),
    updated: stored.updated,
    body: bodyOf(exchange, stored),
  };
}

/** The answer to a write: Location where a version was made, and the body that Prefer asks for. */
export function writeAnswer(exchange: Exchange, result: WriteResult): Answer {
  const { stored, outcome } = result;
  const headers: Record<string, string> = {
    ...versionHeaders(stored),
    location: locationOf(exchange.request.baseUrl, stored),
  };
  const status = outcome === 'created' ? 201 : 200;
  switch (exchange.preferences.return) {
    case 'minimal':
      return { status, headers, updated: stored.updated };
    case 'OperationOutcome':
      return { status, headers, updated: stored.updated, body: outcomeText(writeIssues(result), exchange) };
    case 'representation':
      return { status, headers, updated: stored.updated, body: bodyOf(exchange, stored) };
  }
}

/** What an OperationOutcome says about a write that was done. */
export function writeIssues({ stored, outcome, warnings }: WriteResult): readonly Issue[] {
  const done = { created: 'created', updated: 'updated', unchanged: 'left as it was', deleted: 'deleted' }[outcome];
  return [
    { severity: 'information', code: 'informational', diagnostics: `The ${stored.type} was ${done}.` },
    ...warnings,
  ];
}

/** An OperationOutcome as the whole answer. */
export function outcomeAnswer(status: number, issues: readonly Issue[], exchange?: Exchange): Answer {
  return { status, headers: {}, body: outcomeText(issues, exchange) };
}

/** Any JSON text as the whole answer, 200. */
export function textAnswer(exchange: Exchange, text: string): Answer {
  return { status: 200, headers: {}, body: laidOut(text, exchange.presentation) };
}

export function versionHeaders(stored: StoredVersion): Record<string, string> {
  return { etag: etagOf(stored.version), 'last-modified': new Date(stored.updated).toUTCString() };
}

/** The absolute address of a version. */
export function locationOf(baseUrl: string, stored: StoredVersion): string {
  return `${baseUrl}/${stored.type}/${stored.id}/_history/${stored.version}`;
}

function bodyOf(exchange: Exchange, stored: StoredVersion): string {
  return laidOut(shown(exchange, stored), exchange.presentation);
}

function outcomeText(issues: readonly Issue[], exchange: Exchange | undefined): string {
  const text = JSON.stringify(operationOutcome(issues));
  return exchange === undefined ? text : laidOut(text, exchange.presentation);
}
