import { fhirError } from '../model/issue.ts';
import { memberText } from '../model/json/bundle-entries.ts';
import { textAnswer } from './answer.ts';
import type { Endpoint } from './exchange.ts';

/** [type]/[id]/$meta: profiles, tags and security labels of one resource. */
export const meta: Endpoint = async (exchange) => {
  const { caller, context, route } = exchange;
  if (route.kind !== 'operation' || route.type === undefined || route.id === undefined) {
    throw fhirError(400, 'not-supported', '$meta is asked of one resource: [type]/[id]/$meta.');
  }
  const stored = await context.interactions.read(caller, route.type, route.id);
  const value = memberText(stored.content, 0, 'meta') ?? '{}';
  return textAnswer(exchange, `{"resourceType":"Parameters","parameter":[{"name":"return","valueMeta":${value}}]}`);
};
