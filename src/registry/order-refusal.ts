import type { CodeableConcept } from '@medplum/fhirtypes';
import { codeSystem } from './names.ts';

/** Why a form may not be sent: its words in the patient's language are placeholders, or their licence has run out. */
export type OrderRefusal = 'wording-missing' | 'licence-expired';

const DISPLAYS: Readonly<Record<OrderRefusal, string>> = {
  'wording-missing': 'Skjemaets ordlyd er ikke lastet inn',
  'licence-expired': 'Lisensen på skjemaets ordlyd er utløpt',
};

/** The reason as a refused order tells it: CodeSystem order-refusal has it in Swedish and English too. */
export function refusalReason(refusal: OrderRefusal): CodeableConcept {
  return { coding: [{ system: codeSystem.orderRefusal, code: refusal, display: DISPLAYS[refusal] }] };
}
