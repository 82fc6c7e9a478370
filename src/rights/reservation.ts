import type { Consent } from '@medplum/fhirtypes';
import { asServer } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { identifierSystem } from '../registry/names.ts';
import { isSurveyReservation, rightConcept } from '../registry/patient-right.ts';
import type { Endpoint } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import { authorized } from './authority.ts';
import { inOneCommit } from './one-commit.ts';
import { stopOrders } from './open-orders.ts';
import { pathId, type RightsParts, returned } from './parts.ts';
import { actor, consentsOf, fulfilRequests, provenanceOf } from './record.ts';

/**
 * Patient/[id]/$reserve: no more forms, of one registry or of any; those that wait for an answer are stopped. A Consent
 * (OPTOUT) in the record says so. Its place in a registry, and what it has answered, a patient keeps.
 */
export function reserve(parts: RightsParts): Endpoint {
  return reserving(parts, 'active');
}

/** Patient/[id]/$lift-reservation: the patient may be asked again; what was stopped is ordered anew. */
export function liftReservation(parts: RightsParts): Endpoint {
  return reserving(parts, 'inactive');
}

function reserving({ engine }: RightsParts, status: 'active' | 'inactive'): Endpoint {
  return async (exchange) => {
    const { caller } = exchange;
    const id = pathId(exchange);
    const registry = new OperationInput(exchange, ['registry']).text('registry');
    const consent = await inOneCommit(engine, asServer(caller), async (work) => {
      const { patient } = await authorized(work.db, caller, 'reserve', id);
      await work.alone(patient.rid);
      if (registry !== undefined && (await work.find('PlanDefinition', [['url', registry]])).length === 0) {
        throw fhirError(422, 'not-found', 'There is no registry with this canonical.');
      }
      const identifier = { system: identifierSystem.consent, value: `${id}/surveys/${registry ?? '*'}` };
      const existing = (await consentsOf(work, id)).find(
        (each) => isSurveyReservation(each) && each.identifier?.some(({ value }) => value === identifier.value),
      );
      if ((existing?.status ?? 'inactive') === status) {
        const said = status === 'active' ? 'This reservation is in force already.' : 'There is no such reservation.';
        throw fhirError(422, 'business-rule', said);
      }
      const stored = await work.save<Consent>({
        ...existing,
        resourceType: 'Consent',
        identifier: [identifier],
        status,
        scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'research' }] },
        category: [rightConcept('reservation')],
        patient: { reference: `Patient/${id}` },
        dateTime: work.now.toISOString(),
        ...(caller.agent === undefined || caller.agent.who.startsWith('Device/') ? {} : { performer: [actor(caller)] }),
        ...(registry === undefined ? {} : { policy: [{ uri: registry }] }),
        policyRule: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'OPTOUT' }] },
        provision: { type: 'deny' },
      });
      if (status === 'active') {
        await stopOrders(work, id, 'reservation', registry);
      }
      const [request] = await fulfilRequests(work, 'reservation', id);
      await work.save(provenanceOf('reservation', caller, id, [stored], work.now, request));
      return stored;
    });
    return returned(exchange, consent);
  };
}
