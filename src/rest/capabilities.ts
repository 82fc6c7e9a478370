import type {
  CapabilityStatement,
  CapabilityStatementRestResource,
  CapabilityStatementRestResourceSearchParam,
} from '@medplum/fhirtypes';
import { type ResourceType, resourceTypes } from '../model/resource-types.ts';
import { textAnswer } from './answer.ts';
import type { Endpoint, RestContext } from './exchange.ts';
import type { Operation } from './operations.ts';
import { presented } from './presentation.ts';

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
  const {
    presentation,
    context: { viewElements },
  } = exchange;
  return textAnswer(exchange, presented(current.text, 'CapabilityStatement', presentation, viewElements));
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
        security: context.security,
        resource: resourceTypes.map((type) => resourceOf(context, type)),
        interaction: [
          { code: 'transaction' },
          { code: 'batch' },
          { code: 'search-system' },
          { code: 'history-system' },
        ],
        searchParam: OF_EVERY_TYPE,
        operation: ofSystem.length === 0 ? undefined : ofSystem,
      },
    ],
  };
}

const R4 = 'http://hl7.org/fhir/SearchParameter';

/** What no FHIRPath expression tells; the parameters of R4 that have one stand with each type. */
const OF_EVERY_TYPE: CapabilityStatementRestResourceSearchParam[] = [
  { name: '_content', definition: `${R4}/Resource-content`, type: 'string' },
  {
    name: '_filter',
    definition: `${R4}/filter`,
    type: 'special',
    documentation: 'Of one type. Tokens and references are compared by eq, ne, in, ni, ss, sb and re.',
  },
  { name: '_list', type: 'special', documentation: 'The id of a List; lists such as $current-allergies are not kept.' },
  {
    name: '_text',
    definition: `${R4}/DomainResource-text`,
    type: 'string',
    documentation: 'Of types that have a narrative: all but Binary, Bundle and Parameters.',
  },
];

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
  const parameters = searchParameters.list(type).filter(({ complete }) => complete);
  const includes = parameters.filter(({ kind }) => kind === 'reference').map(({ code }) => `${type}:${code}`);
  const own = operations.ofType(type).map(operationOf);
  if (type === 'AuditEvent') {
    return {
      type,
      profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
      documentation: 'Made of the audit when it is asked for; searched for one patient. Nobody stores any.',
      interaction: [{ code: 'read' }, { code: 'vread' }, { code: 'search-type' }],
      versioning: 'versioned',
      readHistory: false,
      searchParam: parameters.map(({ code, kind, url }) => ({ name: code, definition: url, type: kind })),
    };
  }
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
