import type { Questionnaire } from '@medplum/fhirtypes';
import { assemble as assembleForm } from '../../forms/assemble/assemble.ts';
import { compileForm } from '../../forms/form.ts';
import { FhirError, type Issue, operationOutcome } from '../../model/issue.ts';
import { textAnswer } from '../answer.ts';
import type { Endpoint } from '../exchange.ts';
import { OperationInput } from '../operation-input.ts';
import { askedQuestionnaire, FORM_NAMES } from './asked-questionnaire.ts';
import { fetchedParts } from './modules.ts';

/**
 * Questionnaire/$assemble and Questionnaire/[id]/$assemble (SDC): a modular form put together to one, as `return`; what
 * was left as it is, and what keeps the whole from being answered, as `outcome`. Refused (422) where a module is missing or does not fit.
 */
export const assemble: Endpoint = async (exchange) => {
  const input = new OperationInput(exchange, FORM_NAMES, { Questionnaire: 'questionnaire' });
  const root = await askedQuestionnaire(exchange, input);
  const { questionnaire, issues: found } = assembleForm(root, await fetchedParts(exchange, root));
  const issues = [...found, ...unanswerable(questionnaire)];
  const parameters = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'return', resource: questionnaire },
      ...(issues.length === 0 ? [] : [{ name: 'outcome', resource: operationOutcome(issues) }]),
    ],
  };
  return textAnswer(exchange, JSON.stringify(parameters));
};

/** What keeps the form from being answered now that it is whole: modules that were given one prefix, for instance. */
function unanswerable(questionnaire: Questionnaire): readonly Issue[] {
  try {
    compileForm(questionnaire);
    return [];
  } catch (failure) {
    if (failure instanceof FhirError) {
      return failure.issues.map((issue) => ({ ...issue, severity: 'warning' }));
    }
    throw failure;
  }
}
