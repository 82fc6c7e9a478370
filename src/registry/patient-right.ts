import type { CodeableConcept, Consent, Flag, Resource, Task } from '@medplum/fhirtypes';
import { codeSystem } from './names.ts';

/** The rights of a patient that a request may be about: codes of the CodeSystem patient-right. */
export const patientRights = ['access', 'rectification', 'erasure', 'restriction', 'reservation', 'consent'] as const;

export type PatientRight = (typeof patientRights)[number];

const DISPLAYS: Readonly<Record<PatientRight, string>> = {
  access: 'Innsyn',
  rectification: 'Retting',
  erasure: 'Sletting',
  restriction: 'Begrensning av behandling',
  reservation: 'Reservasjon mot flere skjemaer',
  consent: 'Samtykke',
};

/** A right as resources name it; the CodeSystem has it in Swedish and English too. */
export function rightConcept(right: PatientRight): CodeableConcept {
  return { coding: [{ system: codeSystem.patientRight, code: right, display: DISPLAYS[right] }] };
}

/** The right that a Task asks for; undefined where it is no such request. */
export function rightOf({ code }: Task): PatientRight | undefined {
  return patientRights.find((right) => isRight(code, right));
}

/** Whether a Consent is a patient's reservation against further surveys: it says nothing of a place in a registry. */
export function isSurveyReservation({ category }: Partial<Pick<Consent, 'category'>>): boolean {
  return (category ?? []).some((concept) => isRight(concept, 'reservation'));
}

/** Whether a Consent keeps a registry, by the canonical of its protocol, from asking its patient anything more. */
export function reservesAgainst(consent: Consent, protocol: string): boolean {
  const registries = (consent.policy ?? []).flatMap(({ uri }) => uri ?? []);
  return (
    isSurveyReservation(consent) &&
    consent.status === 'active' &&
    (registries.length === 0 || registries.includes(protocol))
  );
}

/** Whether a Flag restricts what may be done with a patient's record (GDPR, article 18). */
export function isRestriction({ code, status }: Flag): boolean {
  return status === 'active' && isRight(code, 'restriction');
}

/** Whether a resource says what a patient has by right: a request, a restriction, a reservation. Operations alone change it. */
export function isOfRight(resource: Resource): boolean {
  switch (resource.resourceType) {
    case 'Task':
      return rightOf(resource) !== undefined;
    case 'Flag':
      return isRight(resource.code, 'restriction');
    case 'Consent':
      return isSurveyReservation(resource);
    default:
      return false;
  }
}

/** Whether an order ended because its patient may not be asked: it is made again once that is over. */
export function endedByRight({ status, statusReason }: Task): boolean {
  return status === 'cancelled' && (isRight(statusReason, 'restriction') || isRight(statusReason, 'reservation'));
}

function isRight(concept: CodeableConcept | undefined, right: PatientRight): boolean {
  return concept?.coding?.some(({ system, code }) => system === codeSystem.patientRight && code === right) === true;
}
