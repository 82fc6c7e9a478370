import type { Questionnaire } from '@medplum/fhirtypes';
import { recordsOf } from '../forms/text/record.ts';
import { withCarriedWording } from '../forms/text/with-wording.ts';
import type { Interactions } from '../interactions/types.ts';
import type { Caller } from '../model/caller.ts';
import { FhirError } from '../model/issue.ts';
import type { FoundResource } from './found-resources.ts';

/**
 * Forms of a package with the licensed words that were loaded into them where they are stored: the product comes with
 * placeholders at every start, and must not put them back in their place.
 */
export async function withKeptWording(
  { interactions, caller }: { readonly interactions: Interactions; readonly caller: Caller },
  resources: readonly FoundResource[],
): Promise<readonly FoundResource[]> {
  return Promise.all(
    resources.map(async (found) => {
      const { resource } = found;
      if (resource.resourceType !== 'Questionnaire' || resource.id === undefined || recordsOf(resource).length === 0) {
        return found;
      }
      const stored = await storedForm(interactions, caller, resource.id);
      const kept = stored === undefined ? resource : withCarriedWording(resource, stored);
      return kept === resource ? found : { ...found, resource: kept, text: JSON.stringify(kept) };
    }),
  );
}

async function storedForm(interactions: Interactions, caller: Caller, id: string): Promise<Questionnaire | undefined> {
  try {
    const { content } = await interactions.read(caller, 'Questionnaire', id);
    return JSON.parse(content) as Questionnaire;
  } catch (problem) {
    if (problem instanceof FhirError && (problem.status === 404 || problem.status === 410)) return undefined;
    throw problem;
  }
}
