import type { MedplumClient } from '@medplum/core';
import type { Identifier } from '@medplum/fhirtypes';
import { type FoundPatient, foundBy, literal } from '../patient-search/find-patients.ts';

/** What a patient is looked for by. */
export interface Sought {
  readonly identifier: Identifier | undefined;
  /** As FHIR writes days; undefined where it was not asked. */
  readonly birthDate: string | undefined;
}

/** Who it may be. */
export interface Candidates {
  /** Who it is, as far as number and day of birth tell. */
  readonly certain: FoundPatient | undefined;
  /** Who else it may be, for a person to decide. */
  readonly possible: readonly FoundPatient[];
}

/**
 * Patients with a number, or with a day of birth where one was asked: who has no number of the country may have been here
 * under another, or under none.
 */
export async function findCandidates(medplum: MedplumClient, sought: Sought): Promise<Candidates> {
  const { identifier, birthDate } = sought;
  const hits = await foundBy(medplum, [
    ...(identifier?.value === undefined ? [] : [{ identifier: literal(identifier.value) }]),
    ...(birthDate === undefined ? [] : [{ birthdate: birthDate }]),
  ]);
  return candidatesAmong(hits, sought);
}

/** One person with the number is who is sought, unless another day of birth was told. Who has the number comes first. */
export function candidatesAmong(hits: readonly FoundPatient[], { identifier, birthDate }: Sought): Candidates {
  const hasNumber = ({ patient }: FoundPatient): boolean =>
    patient.identifier?.some(({ value }) => value !== undefined && value === identifier?.value) === true;
  const numbered = hits.filter(hasNumber);
  const [first] = numbered;
  const isSameDay = birthDate === undefined || first?.patient.birthDate === birthDate;
  if (first !== undefined && numbered.length === 1 && isSameDay) return { certain: first, possible: [] };
  return { certain: undefined, possible: [...numbered, ...hits.filter((hit) => !hasNumber(hit))] };
}
