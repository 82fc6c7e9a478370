import { accessPolicySupportsInteraction, type MedplumClient } from '@medplum/core';
import type { AccessPolicy, Organization, PractitionerRole, ResourceType } from '@medplum/fhirtypes';
import { extensionUrl } from '../../../registry/names.ts';
import type { Server } from '../client.ts';
import { nameOf } from '../names.ts';
import { type Abilities, readAbilities } from './operations.ts';

/** FHIR's interactions by the names that Medplum's AccessPolicy has for them. */
export type Interaction = 'read' | 'vread' | 'history' | 'search' | 'create' | 'update' | 'delete';

/** Who works in the app, in which role, where; it tells screens what to offer. What is allowed the server decides. */
export interface Who extends Abilities {
  /** As `Practitioner/123`. */
  readonly reference: string;
  readonly name: string;
  /** `lu`, `lc`, `sc`, `researcher`, `operator`; of another server whatever its PractitionerRole says, or ''. */
  readonly role: string;
  /** What the server calls the role, with registry and hospital. */
  readonly roleTitle: string;
  /** The hospital of the role; undefined where the role is national, or the server knows of none. */
  readonly hospital: { readonly reference: string; readonly name: string } | undefined;
  /** The registry of the role, as `PlanDefinition/123`. */
  readonly registry: string | undefined;
  /** Whether the access policy allows an interaction with some resource of a type. */
  may(interaction: Interaction, type: ResourceType): boolean;
  /** Whether an address of the server may be opened as a link: a session's cookie goes with it, a token does not. */
  readonly opensLinks: boolean;
}

const ROLES_MAX = '50';

/** @returns undefined where nobody has signed in */
export async function readWho(medplum: MedplumClient, signIn: Server['signIn']): Promise<Who | undefined> {
  const profile = await medplum.getProfileAsync();
  if (profile === undefined) return undefined;
  const membership = medplum.getProjectMembership();
  const reference = `${profile.resourceType}/${profile.id}`;
  const [role, abilities] = await Promise.all([
    profile.resourceType === 'Practitioner' ? readRole(medplum, reference, membership?.id) : undefined,
    readAbilities(medplum, signIn),
  ]);
  const hospital = role?.organization?.reference;
  return {
    reference,
    name: nameOf(profile),
    role: role?.code?.[0]?.coding?.[0]?.code ?? '',
    roleTitle: membership?.profile?.display ?? '',
    hospital: hospital === undefined ? undefined : { reference: hospital, name: await readName(medplum, hospital) },
    registry: role?.extension?.find(({ url }) => url === extensionUrl.roleRegistry)?.valueReference?.reference,
    may: allowing(medplum.getAccessPolicy()),
    ...abilities,
    opensLinks: signIn === 'session',
  };
}

/** The role that was chosen (at Svar the membership is one), else the first active one. */
async function readRole(medplum: MedplumClient, practitioner: string, chosen: string | undefined) {
  const roles = await medplum.searchResources('PractitionerRole', { practitioner, _count: ROLES_MAX });
  return roles.find(({ id }) => id === chosen) ?? roles.find(({ active }: PractitionerRole) => active !== false);
}

async function readName(medplum: MedplumClient, reference: string): Promise<string> {
  const organization = await medplum.readReference<Organization>({ reference }).catch(() => undefined);
  return organization === undefined ? reference : (organization.name ?? nameOf(organization));
}

/** A server that tells no policy is asked, and refuses what it must. */
export function allowing(policy: AccessPolicy | undefined): Who['may'] {
  return (interaction, type) =>
    policy?.resource === undefined || accessPolicySupportsInteraction(policy, interaction, type);
}
