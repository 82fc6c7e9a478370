import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import type { Query } from '../../interactions/types.ts';
import { fhirError } from '../../model/issue.ts';
import { escaped } from '../codes/definitions.ts';
import type { Exchange } from '../exchange.ts';

/** The response as it is stored, by its id or else its identifier: senders try again when they were not answered. */
export async function received(
  { caller, context }: Exchange,
  { id, identifier }: QuestionnaireResponse,
): Promise<QuestionnaireResponse | undefined> {
  const { system, value } = identifier ?? {};
  if (id === undefined && (system === undefined || value === undefined)) {
    return undefined;
  }
  const query: Query =
    id === undefined ? [['identifier', `${escaped(system ?? '')}|${escaped(value ?? '')}`]] : [['_id', id]];
  const { matches } = await context.interactions.search(caller, 'QuestionnaireResponse', query, { lenient: false });
  const [found, another] = matches;
  if (another !== undefined) {
    throw fhirError(
      412,
      'multiple-matches',
      'Several responses have the identifier.',
      'QuestionnaireResponse.identifier',
    );
  }
  return found === undefined ? undefined : (JSON.parse(found.content) as QuestionnaireResponse);
}

/** Whether there is nothing more to answer. */
export function isFinished(response: QuestionnaireResponse | undefined): boolean {
  return response?.status === 'completed' || response?.status === 'amended';
}
