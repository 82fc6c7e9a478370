import type { Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { adaptiveBase } from '../../forms/adaptive/contained-form.ts';
import { nextQuestion as nextQuestionOf } from '../../forms/adaptive/next-question.ts';
import { wantedQueries } from '../../forms/expressions/wanted-queries.ts';
import { compileForm } from '../../forms/form.ts';
import { populate, startResponse } from '../../forms/populate/populate.ts';
import { fhirError } from '../../model/issue.ts';
import { textAnswer } from '../answer.ts';
import { byCanonical } from '../codes/definitions.ts';
import type { Endpoint } from '../exchange.ts';
import { OperationInput } from '../operation-input.ts';

const RESPONSE = 'questionnaire-response';

/**
 * Questionnaire/$next-question (SDC, adaptive forms): the response with its next question, or completed. Nothing is stored.
 * The form is asked by the stored Questionnaire that the contained one is derived from.
 */
export const nextQuestion: Endpoint = async (exchange) => {
  const input = new OperationInput(exchange, [RESPONSE], { QuestionnaireResponse: RESPONSE });
  const response = input.resource<QuestionnaireResponse>(RESPONSE, 'QuestionnaireResponse');
  if (response === undefined) {
    throw fhirError(400, 'required', `There is no response: give ${RESPONSE}.`);
  }
  const base = adaptiveBase(response);
  const found = base === undefined ? undefined : await byCanonical<Questionnaire>(exchange, 'Questionnaire', base);
  if (found === undefined) {
    const diagnostics = 'The response must contain a form, derived from one that is stored here.';
    throw fhirError(422, 'not-found', diagnostics, 'QuestionnaireResponse.contained');
  }
  const form = compileForm(found);
  const start = startResponse(form, response.subject, exchange.context.clock.now());
  const data = await exchange.context.interactions.formData(exchange.caller, form, response, {
    wanted: (known) => [...wantedQueries(form, response, known), ...populate(form, start, known).wanted],
  });
  return textAnswer(exchange, JSON.stringify(nextQuestionOf(form, response, data)));
};
