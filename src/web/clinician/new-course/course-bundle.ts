import type { Bundle, Patient } from '@medplum/fhirtypes';

export const NATIONAL_NUMBER = 'urn:oid:2.16.578.1.12.4.1.4.1';

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

/** Whom somebody else has registered by the same number meanwhile is registered once. */
function once({ identifier: [number] = [] }: Patient): { readonly ifNoneExist?: string } {
  return number === undefined ? {} : { ifNoneExist: `identifier=${number.system}|${number.value}` };
}
