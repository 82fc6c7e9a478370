import { fhirError } from '../model/issue.ts';
import type { Answer, Exchange } from './exchange.ts';
import type { OperationLevel } from './operations.ts';
import type { Route } from './route.ts';

/** $[code] on the system, a type or an instance (FHIR R4 operations.html#executing). */
export async function operation(exchange: Exchange, route: Extract<Route, { kind: 'operation' }>): Promise<Answer> {
  const level: OperationLevel = route.id !== undefined ? 'instance' : route.type !== undefined ? 'type' : 'system';
  const found = exchange.context.operations.find(route.code, level, route.type);
  if (found === undefined) {
    const asked = { system: 'the server', type: 'this type', instance: 'a resource of this type' }[level];
    throw fhirError(404, 'not-supported', `There is no such operation on ${asked}; /metadata lists them.`);
  }
  const { method } = exchange.request;
  if (found.affectsState && method !== 'POST') {
    throw fhirError(405, 'not-supported', `$${found.code} changes what is stored, so it takes POST only.`);
  }
  return found.endpoint(exchange);
}
