import type { Engine } from '../interactions/engine.ts';
import type { ResourceType } from '../model/resource-types.ts';
import type { Endpoint } from '../rest/exchange.ts';
import type { Operation } from '../rest/operations.ts';
import { closePatientForms, stopPatientForms } from './close.ts';
import { decline } from './decline.ts';
import { orderByHand } from './order.ts';
import { remindLater } from './remind-later.ts';

/**
 * What staff decide of the forms of a course's patient (docs/decisions/0061-order-life.md), and what the patient says of
 * them (0075-patients-word-on-an-order.md). Definitions in fhir/operations.
 */
export function courseOperations(engine: Engine): readonly Operation[] {
  return [
    operation('Task', 'order', orderByHand(engine)),
    operation('Task', 'decline', decline(engine)),
    operation('Task', 'remind-later', remindLater(engine)),
    operation('EpisodeOfCare', 'stop-patient-forms', stopPatientForms(engine)),
    operation('EpisodeOfCare', 'close-patient-forms', closePatientForms(engine)),
  ];
}

function operation(type: ResourceType, code: string, endpoint: Endpoint): Operation {
  const definition = `https://svar.example.org/fhir/OperationDefinition/${type}-${code}`;
  return { code, definition, levels: ['instance'], types: [type], endpoint, affectsState: true };
}
