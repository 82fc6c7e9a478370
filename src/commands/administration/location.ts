import type { Location } from '@medplum/fhirtypes';
import { placeCommand, reshIdentifier } from './place.ts';

/** Lokasjoner: the sites at which a hospital registers. */
export const location = placeCommand({
  word: 'location',
  type: 'Location',
  ofHospital: 'organization',
  build: ({ hospital, name, short, resh }) => ({
    resourceType: 'Location',
    identifier: reshIdentifier(resh),
    status: 'active',
    name,
    alias: [short],
    mode: 'instance',
    managingOrganization: { reference: hospital },
  }),
  isActive: (place) => (place as Location).status !== 'inactive',
  withActive: (place, active) => ({ ...(place as Location), status: active ? 'active' : 'inactive' }),
});
