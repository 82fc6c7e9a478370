import type { Resource } from '@medplum/fhirtypes';
import { systemCaller } from '../../src/model/caller.ts';
import type { TestServer } from '../kit/fhir-server.ts';

/** Stores the next version of a resource as the server itself does it: a state that time would bring about. */
export async function asServerStores<R extends Resource>(server: TestServer, resource: R): Promise<R> {
  const { status, body } = await server.fhir.handle(systemCaller, {
    method: 'PUT',
    path: `/${resource.resourceType}/${resource.id}`,
    headers: { 'content-type': 'application/fhir+json' },
    body: Buffer.from(JSON.stringify(resource)),
    baseUrl: server.base,
  });
  if (status !== 200) throw new Error(`${resource.resourceType} was not stored: ${status}`);
  return JSON.parse(String(body)) as R;
}
