import type { Bundle, Patient, Resource } from '@medplum/fhirtypes';
import type { Caller } from '../model/caller.ts';
import type { Identity } from './identity.ts';
import type { PatientChoice } from './oauth/consent.ts';
import { displayName } from './person-name.ts';

const PATIENTS_MAX = 20;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Whom an app may be opened for: patients found by ordinary searches as the person who chooses, so that access and audit
 * are those of every search.
 *
 * @param ask what a path below the FHIR base holds for a caller; undefined where they may not see it
 */
export function patientAccess(
  ask: (caller: Caller, path: string) => Promise<Resource | undefined>,
  callerOf: (identity: Identity) => Promise<Caller>,
): PatientChoice {
  return {
    async patients(who, text) {
      const words = text
        .trim()
        .split(/\s+/)
        .filter((word) => word !== '');
      const query = new URLSearchParams([
        ['_count', String(PATIENTS_MAX)],
        ['_sort', 'family'],
      ]);
      for (const word of words) query.append(DAY.test(word) ? 'birthdate' : 'name', word.replace(/[\\,|$]/g, '\\$&'));
      const found = await ask(await callerOf(who), `/Patient?${query}`);
      const entries = (found as Bundle<Patient> | undefined)?.entry ?? [];
      return entries.flatMap(({ resource }) =>
        resource?.id === undefined
          ? []
          : [
              {
                id: resource.id,
                display: [displayName(resource.name) ?? resource.id, resource.birthDate].filter(Boolean).join(', '),
              },
            ],
      );
    },
    async patientOf(who, reference) {
      const found = await ask(await callerOf(who), `/${reference}`);
      if (found?.resourceType === 'EpisodeOfCare') return found.patient.reference;
      return found?.resourceType === 'Encounter' ? found.subject?.reference : undefined;
    },
    async mayRead(who, id) {
      if (!/^[A-Za-z0-9.-]{1,64}$/.test(id)) return false;
      return (await ask(await callerOf(who), `/Patient/${id}`)) !== undefined;
    },
  };
}
