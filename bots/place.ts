import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Encounter, Location, Organization } from '@medplum/fhirtypes';
import { isHistoric } from '../src/registry/historic.ts';
import { lastVersions } from './course/last-versions.ts';
import { readMaybe } from './course/read-course.ts';
import { refuse } from './course/refuse.ts';

/**
 * Nobody is moved to a ward or a location that is no longer used (SmerteReg manual 1.8, "Avdelinger" and "Lokasjoner":
 * "Sett Aktiv til Nei"). Who lies there already stays, and so does what old data tells.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const encounter = event.input as Encounter;
  if (isHistoric(encounter)) return;
  const [, stays] = await lastVersions(medplum, encounter);
  const known = new Set(stays === undefined ? [] : [wardOf(stays), ...locationsOf(stays)]);
  const ward = encounter.serviceProvider;
  if (ward !== undefined && !known.has(wardOf(encounter))) {
    const found: Organization | undefined = await readMaybe(medplum, ward);
    if (found?.active === false) refuse('This ward is no longer used.', 'Encounter.serviceProvider');
  }
  for (const [index, { location, status }] of (encounter.location ?? []).entries()) {
    if (status === 'completed' || known.has(location?.reference)) continue;
    const found: Location | undefined = await readMaybe(medplum, location);
    if (found?.status === 'inactive') {
      refuse('This location is no longer used.', `Encounter.location[${index}].location`);
    }
  }
}

const wardOf = ({ serviceProvider }: Encounter): string | undefined => serviceProvider?.reference;

function locationsOf({ location = [] }: Encounter): (string | undefined)[] {
  return location.map((each) => each.location?.reference);
}
