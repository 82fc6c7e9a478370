import { recordsOf } from '../forms/text/record.ts';
import { withCarriedWording } from '../forms/text/with-wording.ts';
import type { FoundResource } from './found-resources.ts';

/**
 * An addressed form of a package with the licensed words that were loaded into it where it is stored: the product comes
 * with placeholders at every start, and must not put them back in their place.
 */
export function withKeptWording(found: FoundResource): FoundResource {
  const { resource, stored } = found;
  if (resource.resourceType !== 'Questionnaire' || stored === undefined || recordsOf(resource).length === 0) {
    return found;
  }
  const kept = withCarriedWording(resource, stored);
  return kept === resource ? found : { ...found, resource: kept, text: JSON.stringify(kept) };
}
