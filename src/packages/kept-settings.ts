import type { Resource } from '@medplum/fhirtypes';
import type { Interactions } from '../interactions/types.ts';
import type { Caller } from '../model/caller.ts';
import { FhirError } from '../model/issue.ts';
import { configuredTag } from '../registry/historic.ts';
import type { FoundResource } from './found-resources.ts';

/**
 * A package without the studies that are stored as a setting of those who run the server (marked `configured`): a
 * registry's legal basis, say, stays as they loaded it, though the product comes with its own at every start.
 */
export async function withoutConfigured(
  { interactions, caller }: { readonly interactions: Interactions; readonly caller: Caller },
  resources: readonly FoundResource[],
): Promise<readonly FoundResource[]> {
  const kept = await Promise.all(
    resources.map(
      async ({ resource }) =>
        resource.resourceType !== 'ResearchStudy' ||
        resource.id === undefined ||
        !(await isConfigured(interactions, caller, resource.id)),
    ),
  );
  return resources.filter((_, index) => kept[index]);
}

async function isConfigured(interactions: Interactions, caller: Caller, id: string): Promise<boolean> {
  try {
    const { content } = await interactions.read(caller, 'ResearchStudy', id);
    const { meta } = JSON.parse(content) as Resource;
    return (
      meta?.tag?.some(({ system, code }) => system === configuredTag.system && code === configuredTag.code) === true
    );
  } catch (problem) {
    if (problem instanceof FhirError && (problem.status === 404 || problem.status === 410)) return false;
    throw problem;
  }
}
