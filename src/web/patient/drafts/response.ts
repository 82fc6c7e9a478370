import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { identifierSystem } from '../../../registry/names.ts';
import type { WaitingOrder } from '../contract.ts';

/**
 * What a person begins an order with. Its identifier is the order's, by which there is one response an order.
 *
 * @param person `Patient/x`
 * @param basedOn the order's own
 */
export function emptyResponse(
  person: string,
  { id, questionnaire }: Pick<WaitingOrder, 'id' | 'questionnaire'>,
  basedOn: QuestionnaireResponse['basedOn'],
): QuestionnaireResponse {
  const who = { reference: person };
  return {
    resourceType: 'QuestionnaireResponse',
    status: 'in-progress',
    identifier: { system: identifierSystem.response, value: id },
    questionnaire,
    ...(basedOn === undefined ? {} : { basedOn }),
    subject: who,
    author: who,
    source: who,
  };
}
