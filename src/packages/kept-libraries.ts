import type { Library } from '@medplum/fhirtypes';
import type { Interactions } from '../interactions/types.ts';
import type { Caller } from '../model/caller.ts';
import { FhirError } from '../model/issue.ts';
import type { FoundResource } from './found-resources.ts';

/**
 * A package without the Libraries (score rules, tables) of which a later version stands here under the same id: who
 * changed a rule and raised its version keeps it, though the product comes with its own at every start.
 */
export async function withoutOlderLibraries(
  { interactions, caller }: { readonly interactions: Interactions; readonly caller: Caller },
  resources: readonly FoundResource[],
): Promise<readonly FoundResource[]> {
  const kept = await Promise.all(
    resources.map(async (found) => {
      const { resource } = found;
      if (resource.resourceType !== 'Library' || resource.id === undefined) return true;
      const stored = await storedVersion(interactions, caller, resource.id);
      return stored === undefined || !isLater(stored, resource.version ?? '');
    }),
  );
  return resources.filter((_, index) => kept[index]);
}

/** Whether a version such as 2.1.0 is later than another, number by number; what is no number counts as 0. */
export function isLater(version: string, than: string): boolean {
  const [own, other] = [version, than].map((text) => text.split(/[.-]/).map((part) => Number(part) || 0));
  for (let index = 0; index < Math.max(own?.length ?? 0, other?.length ?? 0); index += 1) {
    const difference = (own?.[index] ?? 0) - (other?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

async function storedVersion(interactions: Interactions, caller: Caller, id: string): Promise<string | undefined> {
  try {
    const { content } = await interactions.read(caller, 'Library', id);
    return (JSON.parse(content) as Library).version;
  } catch (problem) {
    if (problem instanceof FhirError && (problem.status === 404 || problem.status === 410)) return undefined;
    throw problem;
  }
}
