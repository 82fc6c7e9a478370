import { fhirError } from '../model/issue.ts';
import type { ResourceType } from '../model/resource-types.ts';
import { writeAnswer } from './answer.ts';
import { criteria, ifMatch, ifNoneMatchAny } from './conditions.ts';
import type { Answer, Exchange } from './exchange.ts';
import { typedBody } from './resource-body.ts';

/** update: PUT [type]/[id], which creates where there is none (FHIR R4 http.html#update). */
export async function update(exchange: Exchange, type: ResourceType, id: string): Promise<Answer> {
  const options = writeConditions(exchange);
  const body = typedBody(exchange, type);
  if (body.resource.id !== id) {
    const fault = body.resource.id === undefined ? 'The body has no id' : 'The body has another id than the path';
    throw fhirError(400, 'invalid', `${fault}; both must be the same.`, `${type}.id`);
  }
  const result = await exchange.context.interactions.update(exchange.caller, type, { id }, body, options);
  return writeAnswer(exchange, result);
}

/** Conditional update: PUT [type]?[criteria] (FHIR R4 http.html#cond-update). */
export async function conditionalUpdate(exchange: Exchange, type: ResourceType): Promise<Answer> {
  const options = writeConditions(exchange);
  const target = { criteria: criteria(exchange.query, 'The conditional update') };
  const body = typedBody(exchange, type);
  const result = await exchange.context.interactions.update(exchange.caller, type, target, body, options);
  return writeAnswer(exchange, result);
}

function writeConditions({ request }: Exchange) {
  return { ifMatch: ifMatch(request.headers), ifNoneMatch: ifNoneMatchAny(request.headers) };
}
