import type { MedplumClient } from '@medplum/core';
import type { CapabilityStatement, ResourceType } from '@medplum/fhirtypes';
import type { Server } from '../client.ts';

/** An operation by its code, without `$`, and the type of resource that it is of; without a type: of the whole server. */
export type Operation = readonly [code: string, type?: ResourceType];

/** Whether the server that the app works against does something that is not FHIR's, but Svar's own. */
export type Serves = (operation: Operation) => boolean;

/**
 * What the server does beyond FHIR. A page that works by its session is of the same build as its server, which does all
 * that the page knows of; any other server is asked once for its CapabilityStatement, and one that tells none does none.
 */
export async function readOperations(medplum: MedplumClient, signIn: Server['signIn']): Promise<Serves> {
  if (signIn === 'session') return () => true;
  const told: CapabilityStatement | undefined = await medplum.get(medplum.fhirUrl('metadata')).catch(() => undefined);
  return operationsOf(told);
}

/** What a CapabilityStatement names, by the names of the operations. */
export function operationsOf(statement: CapabilityStatement | undefined): Serves {
  const named = new Set(
    (statement?.rest ?? []).flatMap(({ operation = [], resource = [] }) => [
      ...operation.map(({ name }) => keyOf([name])),
      ...resource.flatMap(({ type, operation: own = [] }) => own.map(({ name }) => keyOf([name, type]))),
    ]),
  );
  return (operation) => named.has(keyOf(operation));
}

/** Some servers write the name with its `$`. */
function keyOf([code, type]: readonly [string | undefined, string?]): string {
  return `${type ?? ''} ${code?.replace(/^\$/, '') ?? ''}`;
}
