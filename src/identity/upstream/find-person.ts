import type { Organization, Patient, Practitioner, PractitionerRole } from '@medplum/fhirtypes';
import { hospitalOf, isInForce } from '../role.ts';
import type { StoredResources } from '../stored.ts';
import { type ClaimedIdentifier, type Claims, claimedOrganization, claimedPerson } from './claims.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { UpstreamRefused } from './upstream-refused.ts';

/** Who somebody is here. */
export interface FoundPerson {
  /** `Practitioner/x`, one; or `Patient/x`, one at least: each hospital may have made a record of its own. Oldest first. */
  readonly fhirUsers: readonly string[];
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
 * @throws UpstreamRefused `unknown-person` also where several Practitioners have the number; `no-role`
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
    // whose number it is, is each of them: whoever stores another Patient with it must not be able to lock them out
    return { fhirUsers: await having<Patient>('Patient', identifier, parts) };
  }
  const [fhirUser = '', ...others] = await having<Practitioner>('Practitioner', identifier, parts);
  if (others.length > 0) {
    throw new UpstreamRefused('unknown-person', `${others.length + 1} Practitioner resources have this identifier`);
  }
  const roles = await rolesAt(claimedOrganization(claims, provider), fhirUser, parts);
  if (roles.length === 0) throw new UpstreamRefused('no-role', `${provider.id}: no role at this organization`);
  return { fhirUsers: [fhirUser], roles };
}

/** Who is active and has the identifier now, oldest first; one at least. */
async function having<R extends Patient | Practitioner>(
  type: R['resourceType'],
  identifier: ClaimedIdentifier,
  { stored }: FindPersonParts,
): Promise<readonly string[]> {
  const found = (await stored.search<R>(type, ['identifier', tokens(identifier)])).filter(
    ({ resource }) => resource.active !== false && hasNow(resource, identifier),
  );
  if (found.length === 0) throw new UpstreamRefused('unknown-person', `no ${type} has this identifier`);
  return found.sort((a, b) => (BigInt(a.rid) < BigInt(b.rid) ? -1 : 1)).map(({ resource }) => `${type}/${resource.id}`);
}

/** A search finds numbers too that were theirs once, or for a while. */
function hasNow({ identifier = [] }: Patient | Practitioner, { systems, value }: ClaimedIdentifier): boolean {
  return identifier.some(
    (one) => one.value === value && systems.includes(one.system ?? '') && one.use !== 'old' && one.use !== 'temp',
  );
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
