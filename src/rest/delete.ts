import type { ResourceType } from '../model/resource-types.ts';
import { outcomeAnswer, writeIssues } from './answer.ts';
import { criteria, etagOf, ifMatch } from './conditions.ts';
import type { Answer, Exchange } from './exchange.ts';

/** delete: DELETE [type]/[id]; also fine where there is nothing (FHIR R4 http.html#delete). */
export async function remove(exchange: Exchange, type: ResourceType, id: string): Promise<Answer> {
  return deleted(exchange, type, { id });
}

/** Conditional delete: DELETE [type]?[criteria], of a single match (FHIR R4 http.html#3.1.0.7.1). */
export async function conditionalRemove(exchange: Exchange, type: ResourceType): Promise<Answer> {
  const target = { criteria: criteria(exchange.query, 'The conditional delete') };
  return deleted(exchange, type, target);
}

async function deleted(
  exchange: Exchange,
  type: ResourceType,
  target: Parameters<Exchange['context']['interactions']['delete']>[2],
): Promise<Answer> {
  const options = { ifMatch: ifMatch(exchange.request.headers) };
  const result = await exchange.context.interactions.delete(exchange.caller, type, target, options);
  if (exchange.preferences.return === 'OperationOutcome') {
    const issues = result === undefined ? [nothingToDelete] : writeIssues(result);
    return outcomeAnswer(200, issues, exchange);
  }
  return result === undefined
    ? { status: 204, headers: {} }
    : { status: 204, headers: { etag: etagOf(result.stored.version) }, updated: result.stored.updated };
}

const nothingToDelete = {
  severity: 'information',
  code: 'not-found',
  diagnostics: 'There was nothing to delete.',
} as const;
