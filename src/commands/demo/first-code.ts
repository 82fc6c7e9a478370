import type { CodeableConcept } from '@medplum/fhirtypes';

export function firstCode(concept: CodeableConcept | undefined): string | undefined {
  return concept?.coding?.[0]?.code;
}
