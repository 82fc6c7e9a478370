import { memberText } from '../model/json/bundle-entries.ts';
import { textAnswer } from './answer.ts';
import type { Endpoint, Exchange } from './exchange.ts';

/**
 * $meta: profiles, security labels and tags of one resource, or those in use in a type or in the whole system (FHIR R4
 * resource-operation-meta.html). Where none is in use there is no parameter: FHIR has no empty elements.
 */
export const meta: Endpoint = async (exchange) => {
  const value = await metaText(exchange);
  const parameter = value === '{}' ? '' : `,"parameter":[{"name":"return","valueMeta":${value}}]`;
  return textAnswer(exchange, `{"resourceType":"Parameters"${parameter}}`);
};

async function metaText({ caller, context: { interactions }, route }: Exchange): Promise<string> {
  const type = 'type' in route ? route.type : undefined;
  if (type === undefined || !('id' in route) || route.id === undefined) {
    return JSON.stringify(await interactions.labels(caller, type));
  }
  const stored = await interactions.read(caller, type, route.id);
  return memberText(stored.content, 0, 'meta') ?? '{}';
}
