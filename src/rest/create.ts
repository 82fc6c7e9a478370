import type { ResourceType } from '../model/resource-types.ts';
import { writeAnswer } from './answer.ts';
import { ifNoneExist } from './conditions.ts';
import type { Answer, Exchange } from './exchange.ts';
import { typedBody } from './resource-body.ts';

/** create: POST [type], conditional with If-None-Exist (FHIR R4 http.html#create, #ccreate). */
export async function create(exchange: Exchange, type: ResourceType): Promise<Answer> {
  const criteria = ifNoneExist(exchange.request.headers);
  const body = typedBody(exchange, type);
  const result = await exchange.context.interactions.create(exchange.caller, type, body, { ifNoneExist: criteria });
  return writeAnswer(exchange, result);
}
