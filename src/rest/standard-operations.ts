import { everything } from './operation-everything.ts';
import { meta } from './operation-meta.ts';
import { validate } from './operation-validate.ts';
import type { Operation } from './operations.ts';

/** FHIR's own operations that need nothing beyond the interactions. */
export const standardOperations: readonly Operation[] = [
  {
    code: 'validate',
    definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate',
    levels: ['type', 'instance'],
    types: 'all',
    affectsState: false,
    endpoint: validate,
  },
  {
    code: 'everything',
    definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
    levels: ['instance'],
    types: ['Patient'],
    affectsState: false,
    endpoint: everything,
  },
  {
    code: 'meta',
    definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta',
    levels: ['system', 'type', 'instance'],
    types: 'all',
    affectsState: false,
    endpoint: meta,
  },
];
