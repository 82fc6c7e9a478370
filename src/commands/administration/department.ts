import type { Organization } from '@medplum/fhirtypes';
import { placeCommand, reshIdentifier } from './place.ts';

const DEPARTMENT = { system: 'http://terminology.hl7.org/CodeSystem/organization-type', code: 'dept' };

/** Avdelinger: Organizations that are part of the hospital. */
export const department = placeCommand({
  word: 'department',
  type: 'Organization',
  ofHospital: 'partof',
  build: ({ hospital, name, short, resh }) => ({
    resourceType: 'Organization',
    identifier: reshIdentifier(resh),
    active: true,
    type: [{ coding: [DEPARTMENT] }],
    name,
    alias: [short],
    partOf: { reference: hospital },
  }),
  isActive: (place) => (place as Organization).active !== false,
  withActive: (place, active) => ({ ...(place as Organization), active }),
});
