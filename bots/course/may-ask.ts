import type { MedplumClient } from '@medplum/core';
import type { Consent, Flag, Reference } from '@medplum/fhirtypes';
import { isRestriction, type PatientRight, reservesAgainst } from '../../src/registry/patient-right.ts';
import { criteria } from './read-course.ts';

/**
 * By which right of the patient's a registry may ask nothing more at present: the record is restricted (GDPR, article 18),
 * or the patient has a reservation against further surveys. Undefined where it may ask.
 * @param protocol canonical of the registry's protocol
 * @param known the patient's Consents, where they have been read already
 */
export async function rightNotToBeAsked(
  medplum: MedplumClient,
  patient: Reference | undefined,
  protocol: string,
  known?: readonly Consent[],
): Promise<PatientRight | undefined> {
  if (patient?.reference === undefined) return undefined;
  const own = criteria(['patient', patient.reference]);
  const flags: Flag[] = await medplum.searchResources('Flag', own);
  if (flags.some(isRestriction)) return 'restriction';
  const consents = known ?? (await medplum.searchResources('Consent', own));
  return consents.some((consent) => reservesAgainst(consent, protocol)) ? 'reservation' : undefined;
}
