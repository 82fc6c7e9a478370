import type { MedplumClient } from '@medplum/core';
import type { CapabilityStatement, ResourceType } from '@medplum/fhirtypes';
import type { Server } from '../client.ts';

/** An operation by its code, without `$`, and the type of resource that it is of; without a type: of the whole server. */
export type Operation = readonly [code: string, type?: ResourceType];

/** What the server does that the app works against: what it does not is not offered. */
export interface Abilities {
  /** Whether it does an operation that is not FHIR's, but Svar's own. */
  serves(operation: Operation): boolean;
  /** Whether it refuses to delete what others of its resources point to. */
  keepsReferences(type: ResourceType): boolean;
}

/**
 * What the server does beyond what every FHIR server does. A page that works by its session is of the same build as its
 * server, which does all that the page knows of; any other server is asked once for its CapabilityStatement, and one that
 * tells nothing does nothing of this.
 */
export async function readAbilities(medplum: MedplumClient, signIn: Server['signIn']): Promise<Abilities> {
  if (signIn === 'session') return { serves: () => true, keepsReferences: () => true };
  const told: CapabilityStatement | undefined = await medplum.get(medplum.fhirUrl('metadata')).catch(() => undefined);
  return abilitiesOf(told);
}

/** What a CapabilityStatement names: operations by their names. */
export function abilitiesOf(statement: CapabilityStatement | undefined): Abilities {
  const parts = statement?.rest ?? [];
  const types = parts.flatMap(({ resource = [] }) => resource);
  const named = new Set([
    ...parts.flatMap(({ operation = [] }) => operation.map(({ name }) => keyOf([name]))),
    ...types.flatMap(({ type, operation = [] }) => operation.map(({ name }) => keyOf([name, type]))),
  ]);
  return {
    serves: (operation) => named.has(keyOf(operation)),
    keepsReferences: (type) =>
      types.some((one) => one.type === type && one.referencePolicy?.includes('enforced') === true),
  };
}

/** Some servers write the name with its `$`. */
function keyOf([code, type]: readonly [string | undefined, string?]): string {
  return `${type ?? ''} ${code?.replace(/^\$/, '') ?? ''}`;
}
