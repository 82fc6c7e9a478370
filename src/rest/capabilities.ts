import type { CapabilityStatement, CapabilityStatementRestResource } from '@medplum/fhirtypes';
import { type ResourceType, resourceTypes } from '../model/resource-types.ts';
import { textAnswer } from './answer.ts';
import type { Endpoint, RestContext } from './exchange.ts';
import type { Operation } from './operations.ts';

/** Search parameters come while the server runs; so a made statement is given again only for this long. */
const FRESH_MS = 10_000;

const made = new WeakMap<RestContext, { readonly baseUrl: string; readonly at: number; readonly text: string }>();

/** capabilities: GET [base]/metadata, made from what is there (FHIR R4 http.html#capabilities). */
export const capabilities: Endpoint = async (exchange) => {
  const { context, request } = exchange;
  const now = context.clock.now().getTime();
  let current = made.get(context);
  if (
    current === undefined ||
    current.baseUrl !== request.baseUrl ||
    now < current.at ||
    now >= current.at + FRESH_MS
  ) {
    current = { baseUrl: request.baseUrl, at: now, text: JSON.stringify(statement(context, request.baseUrl)) };
    made.set(context, current);
  }
  return textAnswer(exchange, current.text);
};

function statement(context: RestContext, baseUrl: string): CapabilityStatement {
  const { software } = context;
  const ofSystem = context.operations.ofSystem().map(operationOf);
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: context.clock.now().toISOString(),
    kind: 'instance',
    software: { name: software.name, version: software.version },
    implementation: { description: 'FHIR server for questionnaires and health registries', url: baseUrl },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    patchFormat: ['application/json-patch+json'],
    rest: [
      {
        mode: 'server',
        resource: resourceTypes.map((type) => resourceOf(context, type)),
        interaction: [
          { code: 'transaction' },
          { code: 'batch' },
          { code: 'search-system' },
          { code: 'history-system' },
        ],
        operation: ofSystem.length === 0 ? undefined : ofSystem,
      },
    ],
  };
}

const INTERACTIONS = [
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history-instance',
  'history-type',
  'create',
  'search-type',
] as const;

function resourceOf(
  { operations, searchParameters }: RestContext,
  type: ResourceType,
): CapabilityStatementRestResource {
  // Special parameters (Location.near) have rules of their own, which the search room refuses.
  const parameters = searchParameters.list(type).filter(({ complete, kind }) => complete && kind !== 'special');
  const includes = parameters.filter(({ kind }) => kind === 'reference').map(({ code }) => `${type}:${code}`);
  const own = operations.ofType(type).map(operationOf);
  return {
    type,
    profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
    interaction: INTERACTIONS.map((code) => ({ code })),
    versioning: 'versioned-update',
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: 'full-support',
    conditionalUpdate: true,
    conditionalDelete: 'single',
    referencePolicy: ['literal', 'logical', 'local', 'enforced'],
    searchInclude: includes.length === 0 ? undefined : includes,
    searchParam: parameters.map(({ code, kind, url }) => ({ name: code, definition: url, type: kind })),
    operation: own.length === 0 ? undefined : own,
  };
}

function operationOf({ code, definition }: Operation) {
  return { name: code, definition };
}
