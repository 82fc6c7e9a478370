import type { ResourceType } from '../model/resource-types.ts';
import type { Endpoint } from '../rest/exchange.ts';
import type { Operation, OperationLevel } from '../rest/operations.ts';
import { extendRight, refuseRight } from './answer-request.ts';
import { erasePatient } from './erase.ts';
import { approveExtract } from './extracts/approve.ts';
import { drawExtract } from './extracts/draw.ts';
import { myData } from './my-data.ts';
import { openRequests } from './open-requests.ts';
import type { RightsParts } from './parts.ts';
import { rectify } from './rectify.ts';
import { requestRight } from './request-right.ts';
import { liftReservation, reserve } from './reservation.ts';
import { liftRestriction, restrict } from './restriction.ts';
import { signConsent } from './sign-consent.ts';
import { verifySignature } from './verify-signature.ts';

/** The rights of patients, and what researchers may see: docs/patients-rights.md. Definitions in fhir/operations. */
export function rightsOperations(parts: RightsParts): readonly Operation[] {
  return [
    reading('Patient', 'my-data', 'instance', myData(parts)),
    changing('Patient', 'request-right', requestRight(parts)),
    changing('Task', 'extend-right', extendRight(parts)),
    changing('Task', 'refuse-right', refuseRight(parts)),
    changing('Task', 'rectify', rectify(parts)),
    reading('Task', 'patient-rights', 'type', openRequests(parts)),
    changing('Patient', 'erase', erasePatient(parts)),
    changing('Patient', 'restrict', restrict(parts)),
    changing('Patient', 'lift-restriction', liftRestriction(parts)),
    changing('Patient', 'reserve', reserve(parts)),
    changing('Patient', 'lift-reservation', liftReservation(parts)),
    changing('Patient', 'sign-consent', signConsent(parts)),
    reading('Consent', 'verify-signature', 'instance', verifySignature(parts)),
    changing('ResearchStudy', 'approve-extract', approveExtract(parts)),
    reading('ResearchStudy', 'draw-extract', 'instance', drawExtract(parts)),
  ];
}

function changing(type: ResourceType, code: string, endpoint: Endpoint): Operation {
  return { ...operation(type, code, 'instance', endpoint), affectsState: true };
}

function reading(type: ResourceType, code: string, level: OperationLevel, endpoint: Endpoint): Operation {
  return { ...operation(type, code, level, endpoint), affectsState: false };
}

function operation(type: ResourceType, code: string, level: OperationLevel, endpoint: Endpoint) {
  const definition = `https://svar.example.org/fhir/OperationDefinition/${type}-${code}`;
  return { code, definition, levels: [level], types: [type], endpoint };
}
