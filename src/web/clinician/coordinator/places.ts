import type { MedplumClient } from '@medplum/core';
import type { Location, Organization } from '@medplum/fhirtypes';

/** A department or a location of a hospital. */
export type Place = Organization | Location;
export type PlaceType = Place['resourceType'];

/** Identifiers of units in Norwegian specialist health care (RESH). */
const RESH = 'urn:oid:2.16.578.1.12.4.1.4.102';
const DEPARTMENT = { system: 'http://terminology.hl7.org/CodeSystem/organization-type', code: 'dept' };
const MAX = '500';
/** As src/conformance checks it: kept short here, the server has the last word. */
const RESH_ID = /^\d{4,10}$/;

export interface NewPlace {
  readonly name: string;
  readonly short: string;
  readonly resh: string;
}

/** Whether a text can be an id of the register of units in the health service (RESH). */
export function isReshId(text: string): boolean {
  return RESH_ID.test(text.trim());
}

/** Its RESH id; empty where it has none. */
export function reshOf({ identifier = [] }: Place): string {
  return identifier.find(({ system }) => system === RESH)?.value ?? '';
}

/** Whether courses may still be placed there. */
export function isActive(place: Place): boolean {
  return place.resourceType === 'Organization' ? place.active !== false : place.status !== 'inactive';
}

/** Departments and locations of a hospital, those in use first. @param hospital `Organization/x` */
export async function fetchPlaces(medplum: MedplumClient, hospital: string): Promise<Record<PlaceType, Place[]>> {
  const fresh = { cache: 'reload' } as const;
  const [departments, locations] = await Promise.all([
    medplum.searchResources('Organization', { partof: hospital, _sort: 'name', _count: MAX }, fresh),
    medplum.searchResources('Location', { organization: hospital, _sort: 'name', _count: MAX }, fresh),
  ]);
  return { Organization: [...departments].sort(inUseFirst), Location: [...locations].sort(inUseFirst) };
}

function inUseFirst(a: Place, b: Place): number {
  return Number(isActive(b)) - Number(isActive(a));
}

/** A new department or location as FHIR. @param hospital `Organization/x` */
export function placeOf(type: PlaceType, hospital: string, { name, short, resh }: NewPlace): Place {
  const shared = { identifier: [{ system: RESH, value: resh.trim() }], name: name.trim(), alias: [short.trim()] };
  return type === 'Organization'
    ? {
        resourceType: 'Organization',
        ...shared,
        active: true,
        type: [{ coding: [DEPARTMENT] }],
        partOf: { reference: hospital },
      }
    : {
        resourceType: 'Location',
        ...shared,
        status: 'active',
        mode: 'instance',
        managingOrganization: { reference: hospital },
      };
}

/** Adds a place unless there is one with its RESH-ID. @returns whether it was added */
export async function addPlace(medplum: MedplumClient, place: Place): Promise<boolean> {
  const search = `identifier=${RESH}|${reshOf(place)}`;
  const known = await medplum.searchOne(place.resourceType, search, { cache: 'reload' });
  if (known !== undefined) return false;
  // two at the same moment: the server keeps the first
  await medplum.createResourceIfNoneExist<Place>(place, search);
  return true;
}

/** What is closed is not offered any more; what was registered there stays. */
export async function setActive(medplum: MedplumClient, place: Place, active: boolean): Promise<void> {
  await medplum.updateResource<Place>(
    place.resourceType === 'Organization' ? { ...place, active } : { ...place, status: active ? 'active' : 'inactive' },
  );
}
