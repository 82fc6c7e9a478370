import type { Organization, Patient, Practitioner, PractitionerRole } from '@medplum/fhirtypes';
import { hospitalOf, isInForce } from '../role.ts';
import type { StoredResources } from '../stored.ts';
import { type ClaimedIdentifier, type Claims, claimedOrganization, claimedPerson } from './claims.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { UpstreamRefused } from './upstream-refused.ts';

/** Who somebody is here. */
export interface FoundPerson {
  /** `Practitioner/x` or `Patient/x` */
  readonly fhirUser: string;
  /** For staff: ids of the PractitionerRoles at the hospital that they signed in for, one at least. */
  readonly roles?: readonly string[];
}

export interface FindPersonParts {
  readonly stored: StoredResources;
  readonly now: () => Date;
  /** In which the first and last day of a role are days. */
  readonly zone: string;
}

/**
 * Who a provider's claims mean here. Nobody is created: a patient is known from a referral, a member of staff from an
 * application that was approved.
 * @throws UpstreamRefused `unknown-person` also where several have the number; `no-role`
 */
export async function findPerson(
  claims: Claims,
  provider: IdentityProvider,
  parts: FindPersonParts,
): Promise<FoundPerson> {
  const identifier = claimedPerson(claims, provider);
  if (identifier === undefined)
    throw new UpstreamRefused('unknown-person', `${provider.id}: no claim names the person`);
  if (provider.purpose === 'patient') {
    return { fhirUser: `Patient/${(await onlyOne<Patient>('Patient', identifier, parts)).id}` };
  }
  const fhirUser = `Practitioner/${(await onlyOne<Practitioner>('Practitioner', identifier, parts)).id}`;
  const roles = await rolesAt(claimedOrganization(claims, provider), fhirUser, parts);
  if (roles.length === 0) throw new UpstreamRefused('no-role', `${provider.id}: no role at this organization`);
  return { fhirUser, roles };
}

async function onlyOne<R extends Patient | Practitioner>(
  type: R['resourceType'],
  identifier: ClaimedIdentifier,
  { stored }: FindPersonParts,
): Promise<R> {
  const found = await stored.search<R>(type, ['identifier', tokens(identifier)]);
  const active = found.filter(({ resource }) => resource.active !== false);
  const [person] = active;
  if (person === undefined || active.length > 1) {
    throw new UpstreamRefused('unknown-person', `${active.length} ${type} resources have this identifier`);
  }
  return person.resource;
}

/** Roles in force at an organization or what is part of it; none where the organization is not known. */
async function rolesAt(
  organization: ClaimedIdentifier | undefined,
  practitioner: string,
  { stored, now, zone }: FindPersonParts,
): Promise<readonly string[]> {
  if (organization === undefined) return [];
  const found = await stored.search<Organization>('Organization', ['identifier', tokens(organization)]);
  const [first] = found;
  // two Organizations with one number: which of them is meant, nobody knows
  if (first === undefined || found.length > 1) return [];
  const hospital = await hospitalOf(`Organization/${first.resource.id}`, stored);
  const roles = await stored.search<PractitionerRole>('PractitionerRole', ['practitioner', practitioner]);
  const there: string[] = [];
  for (const { resource } of roles) {
    const id = /^Organization\/([A-Za-z0-9.-]{1,64})$/.exec(resource.organization?.reference ?? '')?.[1];
    const rid = id === undefined ? undefined : (await stored.read<Organization>('Organization', id))?.rid;
    const isThere = rid !== undefined && hospital?.rids.includes(rid) === true;
    if (isThere && resource.id !== undefined && isInForce(resource, now(), zone)) there.push(resource.id);
  }
  return there;
}

/** As a search by token. The value has no character that means anything there; systems come from the configuration. */
function tokens({ systems, value }: ClaimedIdentifier): string {
  return systems.map((system) => `${system.replace(/[\\,|$]/g, '\\$&')}|${value}`).join(',');
}
