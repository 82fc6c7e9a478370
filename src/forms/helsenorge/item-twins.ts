import type { Extension } from '@medplum/fhirtypes';
import { calculatedTwin } from './calculated.ts';
import { dateLimitTwin } from './date-limits.ts';
import type { Place } from './place.ts';
import { prefillTwin } from './prefill.ts';
import type { Twin } from './twins.ts';

/** All that an item's extensions say in one way here and in another there. */
export function itemTwins(place: Place): readonly Twin<Extension>[] {
  return [
    calculatedTwin(place),
    prefillTwin(place),
    dateLimitTwin('minValue', place),
    dateLimitTwin('maxValue', place),
  ];
}

/** An extension's name for a person. */
export function lastPart(url: string | undefined): string {
  return url?.slice(url.lastIndexOf('/') + 1) ?? '';
}
