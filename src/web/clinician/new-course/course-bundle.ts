import type { Bundle, Patient } from '@medplum/fhirtypes';
import { literal } from '../patient-search/find-patients.ts';

export interface NewCourse {
  /** Who is registered already, or what is known of who is not. */
  readonly patient: Patient;
  /** As `Organization/123`; undefined where the person's role is at none, and the server decides whether that will do. */
  readonly hospital: string | undefined;
  /** As 2026-03-02. */
  readonly day: string;
  /** Yields a UUID. */
  readonly uuid: () => string;
}

/** A course with its referral, and its patient where there is none yet, in one transaction: all of it or nothing. */
export function courseBundle({ patient, hospital, day, uuid }: NewCourse): Bundle {
  const [person, referral, course] = [uuid(), uuid(), uuid()].map((one) => `urn:uuid:${one}`);
  const subject = { reference: patient.id === undefined ? person : `Patient/${patient.id}` };
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      ...(patient.id === undefined
        ? [
            {
              fullUrl: person,
              resource: patient,
              request: { method: 'POST' as const, url: 'Patient', ...once(patient) },
            },
          ]
        : []),
      {
        fullUrl: referral,
        resource: { resourceType: 'ServiceRequest', status: 'active', intent: 'order', subject, authoredOn: day },
        request: { method: 'POST', url: 'ServiceRequest' },
      },
      {
        fullUrl: course,
        resource: {
          resourceType: 'EpisodeOfCare',
          status: 'active',
          patient: subject,
          ...(hospital !== undefined && { managingOrganization: { reference: hospital } }),
          referralRequest: [{ reference: referral }],
          period: { start: day },
        },
        request: { method: 'POST', url: 'EpisodeOfCare' },
      },
    ],
  };
}

/**
 * Whom somebody else has registered by the same number meanwhile is registered once. A number of no system may be that of
 * another country's: two people of one number are told apart by their birth dates.
 */
function once({ identifier: [number] = [], birthDate }: Patient): { readonly ifNoneExist?: string } {
  const { system, value } = number ?? {};
  if (value === undefined) return {};
  const query = new URLSearchParams({ identifier: `${system ?? ''}|${literal(value)}` });
  if (system === undefined && birthDate !== undefined) query.set('birthdate', birthDate);
  return { ifNoneExist: query.toString() };
}
