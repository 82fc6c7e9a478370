import type { MedplumClient } from '@medplum/core';
import type { Resource } from '@medplum/fhirtypes';

/** The version of a resource that is being written, undefined where it is a deletion, and the one before it. */
export async function lastVersions<R extends Resource>(
  medplum: MedplumClient,
  { resourceType, id = '' }: R,
): Promise<readonly [R | undefined, R | undefined]> {
  const { entry = [] } = await medplum.readHistory(resourceType, id, { count: 2 });
  return [entry[0]?.resource as R | undefined, entry[1]?.resource as R | undefined];
}
