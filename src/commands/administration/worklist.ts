import type { Command } from '../command.ts';
import { fhirClient, serverOption } from './fhir-client.ts';
import { registrations, registrationTable } from './registrations.ts';

/** SmerteReg manual 1.8, "Arbeidsliste". */
export const worklist: Command = {
  summary: 'the courses that are being registered, with the state of each form',
  operands: '',
  flags: {},
  options: {
    hospital: 'only of this hospital, as Organization/haukeland',
    department: 'only who lies in this ward, as Organization/<id>',
    location: 'only who lies at this location, as Location/<id>',
    ...serverOption,
  },
  async run(invocation) {
    const { hospital, department, location } = invocation.options;
    const found = await registrations(fhirClient(invocation), [
      ['status', 'in-progress'],
      ...(hospital === undefined ? [] : [['owner', hospital] as const]),
      ...(department === undefined ? [] : [['ward', department] as const]),
      ...(location === undefined ? [] : [['location', location] as const]),
      ['_sort', 'started'],
    ]);
    process.stdout.write(registrationTable(found, 'Nothing is being registered.'));
  },
};
