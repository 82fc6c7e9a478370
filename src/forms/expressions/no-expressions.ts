import type { Questionnaire } from '@medplum/fhirtypes';
import type { ItemExpressions, SharedExpressions } from './expression.ts';

export const noShared: SharedExpressions = { variables: [], contexts: [], constraints: [], elements: new Map() };

export const noExpressions: ItemExpressions = {
  ...noShared,
  initial: undefined,
  calculated: undefined,
  enableWhen: undefined,
  answers: undefined,
  candidates: undefined,
  toggles: [],
  contextViews: [],
};

/** Elements and extensions that hold an expression: SDC's and FHIR's own, and those from before there was a type for it. */
const HOLDERS = /"valueExpression"|\/questionnaire-constraint"|\/cqf-calculatedValue"/;

/** Whether there is anything in a form that expressions are compiled of. */
export function hasExpressions({ extension, item }: Questionnaire): boolean {
  return HOLDERS.test(JSON.stringify([extension, item]));
}
