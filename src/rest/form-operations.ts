import { assemble } from './form-operations/assemble.ts';
import { diff } from './form-operations/diff.ts';
import { extract } from './form-operations/extract.ts';
import { nextQuestion } from './form-operations/next-question.ts';
import { packageForm } from './form-operations/package.ts';
import { populate } from './form-operations/populate.ts';
import { print } from './form-operations/print.ts';
import { processResponse } from './form-operations/process-response.ts';
import type { Operation } from './operations.ts';

const SDC = 'http://hl7.org/fhir/uv/sdc/OperationDefinition/';

/** The operations of Structured Data Capture on forms and responses to them. */
export const formOperations: readonly Operation[] = [
  {
    code: 'assemble',
    definition: `${SDC}Questionnaire-assemble`,
    levels: ['type', 'instance'],
    types: ['Questionnaire'],
    affectsState: false,
    endpoint: assemble,
  },
  {
    code: 'diff',
    definition: 'https://svar.example.org/fhir/OperationDefinition/Questionnaire-diff',
    levels: ['type', 'instance'],
    types: ['Questionnaire'],
    affectsState: false,
    endpoint: diff,
  },
  {
    code: 'extract',
    definition: `${SDC}QuestionnaireResponse-extract`,
    levels: ['type', 'instance'],
    types: ['QuestionnaireResponse'],
    // Its own definition changes nothing; what `store` adds to it refuses GET itself.
    affectsState: false,
    endpoint: extract,
  },
  {
    code: 'next-question',
    definition: `${SDC}Questionnaire-next-question`,
    levels: ['type'],
    types: ['Questionnaire'],
    affectsState: false,
    endpoint: nextQuestion,
  },
  {
    code: 'package',
    definition: 'http://hl7.org/fhir/uv/crmi/OperationDefinition/crmi-package',
    levels: ['type', 'instance'],
    types: ['Questionnaire'],
    affectsState: false,
    endpoint: packageForm,
  },
  {
    code: 'populate',
    definition: `${SDC}Questionnaire-populate`,
    levels: ['type', 'instance'],
    types: ['Questionnaire'],
    affectsState: false,
    endpoint: populate,
  },
  {
    code: 'print',
    definition: 'https://svar.example.org/fhir/OperationDefinition/Questionnaire-print',
    levels: ['type', 'instance'],
    types: ['Questionnaire'],
    affectsState: false,
    endpoint: print,
  },
  {
    code: 'process-response',
    definition: `${SDC}Questionnaire-process-response`,
    levels: ['system', 'type', 'instance'],
    types: ['Questionnaire'],
    affectsState: true,
    endpoint: processResponse,
  },
];
