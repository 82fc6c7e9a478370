import { bundle } from './bundle.ts';
import { capabilities } from './capabilities.ts';
import { create } from './create.ts';
import { conditionalRemove, remove } from './delete.ts';
import type { Endpoint } from './exchange.ts';
import { history } from './history.ts';
import { operation } from './operation.ts';
import { conditionalPatch, patch } from './patch.ts';
import { read } from './read.ts';
import type { Route } from './route.ts';
import { postedSearch, search } from './search.ts';
import { conditionalUpdate, update } from './update.ts';
import { vread } from './vread.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What each method does at an address: the whole of FHIR's REST interface as this server has it. HEAD goes where GET goes. */
export function endpointsOf(route: Route): Readonly<Partial<Record<Method, Endpoint>>> {
  switch (route.kind) {
    case 'system':
      return { GET: (exchange) => search(exchange, undefined), POST: bundle };
    case 'metadata':
      return { GET: capabilities };
    case 'systemSearch':
      return { POST: (exchange) => postedSearch(exchange, undefined) };
    case 'systemHistory':
      return { GET: (exchange) => history(exchange, {}) };
    case 'type':
      return {
        GET: (exchange) => search(exchange, route.type),
        POST: (exchange) => create(exchange, route.type),
        PUT: (exchange) => conditionalUpdate(exchange, route.type),
        PATCH: (exchange) => conditionalPatch(exchange, route.type),
        DELETE: (exchange) => conditionalRemove(exchange, route.type),
      };
    case 'typeSearch':
      return { POST: (exchange) => postedSearch(exchange, route.type) };
    case 'typeHistory':
      return { GET: (exchange) => history(exchange, { type: route.type }) };
    case 'instance':
      return {
        GET: (exchange) => read(exchange, route.type, route.id),
        PUT: (exchange) => update(exchange, route.type, route.id),
        PATCH: (exchange) => patch(exchange, route.type, route.id),
        DELETE: (exchange) => remove(exchange, route.type, route.id),
      };
    case 'instanceHistory':
      return { GET: (exchange) => history(exchange, { type: route.type, id: route.id }) };
    case 'version':
      return { GET: (exchange) => vread(exchange, route.type, route.id, route.version) };
    case 'operation':
      return { GET: (exchange) => operation(exchange, route), POST: (exchange) => operation(exchange, route) };
  }
}

const TEMPLATES: Readonly<Record<Route['kind'], string>> = {
  system: '[base]',
  metadata: 'metadata',
  systemSearch: '_search',
  systemHistory: '_history',
  type: '',
  typeSearch: '/_search',
  typeHistory: '/_history',
  instance: '/[id]',
  instanceHistory: '/[id]/_history',
  version: '/[id]/_history/[version]',
  operation: '',
};

/** A route without ids, for logs and metrics: `Patient/[id]/_history`. `known` says that the operation exists. */
export function templateOf(route: Route, known: boolean): string {
  const type = 'type' in route && route.type !== undefined ? route.type : '';
  if (route.kind === 'operation') {
    const code = known ? `$${route.code}` : '$[unknown]';
    return [type, route.id === undefined ? '' : '[id]', code].filter((segment) => segment !== '').join('/');
  }
  return type + TEMPLATES[route.kind];
}
