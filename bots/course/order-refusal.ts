import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Patient, Questionnaire, Reference } from '@medplum/fhirtypes';
import { wordingFor } from '../../src/forms/text/wording.ts';
import type { OrderRefusal } from '../../src/registry/order-refusal.ts';
import { patientLanguage } from '../../src/registry/patient-language.ts';
import { dateIn } from '../../src/registry/zone.ts';
import { latest } from './latest.ts';
import { readMaybe } from './read-course.ts';

/** What an order is to send to whom. */
export interface Asking {
  /** Canonical of the form. */
  readonly questionnaire: string;
  /** The Patient, where it has been read already. */
  readonly patient: Reference | Patient | undefined;
  /** In which calendar a licence ends. */
  readonly zone: string;
}

/**
 * Why a form may not be sent to a patient; undefined where it may. Only a production server refuses: one that is there
 * to be tried out shows placeholders, marked as such.
 */
export async function orderRefusal(
  medplum: MedplumClient,
  { production, now }: { readonly production: boolean; readonly now: Date },
  { questionnaire, patient, zone }: Asking,
): Promise<OrderRefusal | undefined> {
  if (!production) return undefined;
  const form = await latest<Questionnaire>(medplum, 'Questionnaire', questionnaire);
  if (form === undefined) return undefined;
  const reader = patient !== undefined && 'resourceType' in patient ? patient : await readMaybe(medplum, patient);
  const language = reader?.resourceType === 'Patient' ? patientLanguage(reader) : undefined;
  switch (wordingFor(form, language, dateIn(now, zone))) {
    case 'placeholder':
      return 'wording-missing';
    case 'expired':
      return 'licence-expired';
    default:
      return undefined;
  }
}

/** Whether the server serves real patients: Medplum's project setting (secret) `production`. */
export function isProduction({ secrets }: BotEvent): boolean {
  return secrets.production?.valueBoolean === true;
}
