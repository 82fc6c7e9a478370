import { expand } from './codes/expand.ts';
import { lookup } from './codes/lookup.ts';
import { subsumes } from './codes/subsumes.ts';
import { translate } from './codes/translate.ts';
import { validateCodeInCodeSystem, validateCodeInValueSet } from './codes/validate-code.ts';
import type { Operation } from './operations.ts';

const DEFINITION = 'http://hl7.org/fhir/OperationDefinition/';

/** FHIR's operations on value sets, code systems and concept maps (R4 terminology-service.html). They change nothing. */
export const terminologyOperations: readonly Operation[] = [
  {
    code: 'expand',
    definition: `${DEFINITION}ValueSet-expand`,
    levels: ['type', 'instance'],
    types: ['ValueSet'],
    affectsState: false,
    endpoint: expand,
  },
  {
    code: 'validate-code',
    definition: `${DEFINITION}ValueSet-validate-code`,
    levels: ['type', 'instance'],
    types: ['ValueSet'],
    affectsState: false,
    endpoint: validateCodeInValueSet,
  },
  {
    code: 'validate-code',
    definition: `${DEFINITION}CodeSystem-validate-code`,
    levels: ['type', 'instance'],
    types: ['CodeSystem'],
    affectsState: false,
    endpoint: validateCodeInCodeSystem,
  },
  {
    code: 'lookup',
    definition: `${DEFINITION}CodeSystem-lookup`,
    levels: ['type'],
    types: ['CodeSystem'],
    affectsState: false,
    endpoint: lookup,
  },
  {
    code: 'subsumes',
    definition: `${DEFINITION}CodeSystem-subsumes`,
    levels: ['type', 'instance'],
    types: ['CodeSystem'],
    affectsState: false,
    endpoint: subsumes,
  },
  {
    code: 'translate',
    definition: `${DEFINITION}ConceptMap-translate`,
    levels: ['type', 'instance'],
    types: ['ConceptMap'],
    affectsState: false,
    endpoint: translate,
  },
];
