import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { identifierSystem } from '../../../registry/names.ts';
import { Refused } from '../network/fhir.ts';
import type { DraftParts, DraftRecord, OrderState } from './draft-state.ts';

/** What the server holds of an order; undefined: nothing yet. @throws Offline, SignedOut, Refused */
export async function findStored(
  { fhir }: Pick<DraftParts, 'fhir'>,
  { base, response }: DraftRecord,
): Promise<QuestionnaireResponse | undefined> {
  if (base?.id !== undefined) return fhir.read('QuestionnaireResponse', base.id);
  return (await fhir.search('QuestionnaireResponse', identifierOf(response)))[0];
}

/**
 * Stores the answers: made, if there is no response of the order yet, else the version after the base.
 *
 * @returns what is stored now, which is somebody else's where there was one already
 * @throws Offline, SignedOut, Refused
 */
export function store(
  { fhir }: Pick<DraftParts, 'fhir'>,
  { base, response }: DraftRecord,
): Promise<QuestionnaireResponse> {
  const { meta: _, id: __, ...content } = response;
  return base === undefined
    ? fhir.create<QuestionnaireResponse>(content, identifierOf(response))
    : fhir.update<QuestionnaireResponse>({ ...content, id: base.id }, base.meta?.versionId);
}

/** Where an order stands whose answers were refused. @throws Offline, SignedOut */
export async function stateAfterRefusal(parts: DraftParts, record: DraftRecord): Promise<OrderState> {
  const stored = await findStored(parts, record).catch((problem: unknown) => {
    if (problem instanceof Refused) return undefined;
    throw problem;
  });
  if (stored?.status === 'completed' || stored?.status === 'amended') return 'answered';
  if (stored !== undefined && stored.status !== 'in-progress') return 'ended';
  return parts.orderState();
}

/** By which the response of an order is found, and made only once. */
function identifierOf({ identifier }: QuestionnaireResponse): readonly (readonly [string, string])[] {
  return [['identifier', `${identifier?.system ?? identifierSystem.response}|${identifier?.value ?? ''}`]];
}
