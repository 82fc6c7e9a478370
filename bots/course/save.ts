import type { MedplumClient } from '@medplum/core';
import type { Identifier, Resource } from '@medplum/fhirtypes';

/** Stores a resource: an update where it has an id, else a create. */
export async function save<R extends Resource>(medplum: MedplumClient, resource: R): Promise<R> {
  return resource.id === undefined
    ? medplum.createResource(resource)
    : medplum.updateResource({ ...resource, id: resource.id });
}

/** Stores resources together: updates where they have an id, else creates. */
export async function saveAll(medplum: MedplumClient, resources: readonly Resource[]): Promise<void> {
  const [only, ...more] = resources;
  if (only === undefined) return;
  if (more.length === 0) {
    await save(medplum, only);
    return;
  }
  await medplum.executeBatch({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      resource,
      request:
        resource.id === undefined
          ? { method: 'POST', url: resource.resourceType }
          : { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    })),
  });
}

/** Creates a resource unless one of its type with the same identifier is there already; answers the one that is there. */
export async function createOnce<R extends Resource>(
  medplum: MedplumClient,
  resource: R,
  identifier: Identifier,
): Promise<R> {
  return medplum.createResourceIfNoneExist(resource, identifierQuery(identifier));
}

/** The search for an identifier. */
export function identifierQuery({ system, value }: Identifier): string {
  return new URLSearchParams([['identifier', `${system}|${value}`]]).toString();
}
