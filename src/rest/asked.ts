import type { Asked } from '../model/witness.ts';
import type { Route } from './route.ts';

const OF_METHOD: Readonly<Record<string, string>> = {
  GET: 'read',
  HEAD: 'read',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** What a request asks, in FHIR's codes (http://hl7.org/fhir/restful-interaction); nothing of whom or for what. */
export function askedOf(method: string, route: Route, isKnownOperation: boolean): Asked {
  const type = 'type' in route && route.type !== undefined ? { type: route.type } : {};
  const isSearch = method === 'GET' || method === 'HEAD';
  switch (route.kind) {
    case 'system':
      return { interaction: isSearch ? 'search-system' : 'batch' };
    case 'metadata':
      return { interaction: 'capabilities' };
    case 'systemSearch':
      return { interaction: 'search-system' };
    case 'systemHistory':
      return { interaction: 'history-system' };
    case 'type':
      return { interaction: isSearch ? 'search-type' : (OF_METHOD[method] ?? 'request'), ...type };
    case 'typeSearch':
      return { interaction: 'search-type', ...type };
    case 'typeHistory':
      return { interaction: 'history-type', ...type };
    case 'instance':
      return { interaction: OF_METHOD[method] ?? 'request', ...type };
    case 'instanceHistory':
      return { interaction: 'history-instance', ...type };
    case 'version':
      return { interaction: 'vread', ...type };
    case 'operation':
      return { interaction: 'operation', ...type, ...(isKnownOperation ? { operation: route.code } : {}) };
  }
}
