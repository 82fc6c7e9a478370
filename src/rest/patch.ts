import { fhirError } from '../model/issue.ts';
import { parseJsonArray } from '../model/json/parse.ts';
import type { ResourceType } from '../model/resource-types.ts';
import { writeAnswer } from './answer.ts';
import { criteria, ifMatch } from './conditions.ts';
import { requireJsonPatch } from './content-type.ts';
import type { Answer, Exchange } from './exchange.ts';
import { patchInBinary } from './patch-in-binary.ts';

/** patch: PATCH [type]/[id] with a JSON Patch document (FHIR R4 http.html#patch, RFC 6902). */
export async function patch(exchange: Exchange, type: ResourceType, id: string): Promise<Answer> {
  const options = { ifMatch: ifMatch(exchange.request.headers) };
  const operations = patchBody(exchange);
  const result = await exchange.context.interactions.patch(exchange.caller, type, { id }, operations, options);
  return writeAnswer(exchange, result);
}

/** Conditional patch: PATCH [type]?[criteria]. */
export async function conditionalPatch(exchange: Exchange, type: ResourceType): Promise<Answer> {
  const options = { ifMatch: ifMatch(exchange.request.headers) };
  const target = { criteria: criteria(exchange.query, 'The conditional patch') };
  const operations = patchBody(exchange);
  const result = await exchange.context.interactions.patch(exchange.caller, type, target, operations, options);
  return writeAnswer(exchange, result);
}

function patchBody({ request, context }: Exchange): readonly unknown[] {
  const limits = { depthMax: context.limits.jsonDepthMax };
  if (request.resource !== undefined) {
    return patchInBinary(request.resource.resource, limits);
  }
  requireJsonPatch(request.headers['content-type'] ?? '');
  if (request.body === undefined || request.body.length === 0) {
    throw fhirError(400, 'required', 'The body is empty; a JSON Patch document is expected.');
  }
  return parseJsonArray(request.body, limits);
}
