import type { MedplumClient } from '@medplum/core';
import type { Bundle, EpisodeOfCare, Patient } from '@medplum/fhirtypes';
import { identifierSystem } from '../../../registry/names.ts';

export interface FoundPatient {
  readonly patient: Patient;
  readonly courses: readonly EpisodeOfCare[];
}

const COUNT = '50';

/** The searches that a text may mean: a national number, else a name, the id of a patient or of a course. */
export function criteriaOf(text: string): readonly Readonly<Record<string, string>>[] {
  const compact = text.replaceAll(/\s/g, '');
  if (/^\d{11,12}$/.test(compact)) return [{ identifier: compact }];
  const value = literal(text.trim());
  const ids: readonly Readonly<Record<string, string>>[] = /^[A-Za-z0-9.-]{1,64}$/.test(compact)
    ? [
        { _id: value },
        { identifier: `${identifierSystem.patient}|${value}` },
        { '_has:EpisodeOfCare:patient:_id': value },
        { '_has:EpisodeOfCare:patient:identifier': `${identifierSystem.course}|${value}` },
      ]
    : [];
  return [{ name: value }, ...ids];
}

/**
 * Patients by name, number, patient id or course id, each once, with their courses. What is looked for stands in the body
 * of the request: addresses are logged by others.
 */
export function findPatients(medplum: MedplumClient, text: string): Promise<readonly FoundPatient[]> {
  return foundBy(medplum, criteriaOf(text));
}

/** A patient by the id of the resource, with the courses; undefined where there is none that the person may see. */
export async function findPatient(medplum: MedplumClient, id: string): Promise<FoundPatient | undefined> {
  return (await foundBy(medplum, [{ _id: literal(id) }]))[0];
}

/** Patients that any of some searches finds, each once, with their courses. */
export async function foundBy(
  medplum: MedplumClient,
  searches: readonly Readonly<Record<string, string>>[],
): Promise<readonly FoundPatient[]> {
  const found = new Map<string, Patient>();
  const courses: EpisodeOfCare[] = [];
  const answers = await Promise.all(
    searches.map((criteria) =>
      medplum.post<Bundle>(
        medplum.fhirUrl('Patient', '_search'),
        new URLSearchParams({ ...criteria, _revinclude: 'EpisodeOfCare:patient', _count: COUNT }).toString(),
        'application/x-www-form-urlencoded',
      ),
    ),
  );
  for (const { resource } of answers.flatMap(({ entry }) => entry ?? [])) {
    if (resource?.resourceType === 'Patient') found.set(resource.id ?? '', resource);
    if (resource?.resourceType === 'EpisodeOfCare' && !courses.some(({ id }) => id === resource.id)) {
      courses.push(resource);
    }
  }
  return [...found.values()].map((patient) => ({
    patient,
    courses: courses.filter(({ patient: of }) => of?.reference === `Patient/${patient.id}`),
  }));
}

/** What stands for more than itself in the value of a search, escaped (FHIR R4 search.html#escaping). */
export function literal(value: string): string {
  return value.replace(/[\\,|$]/g, (character) => `\\${character}`);
}
