import { valueSetsJson } from './r4.generated.js';
import type { ValueSetCodes } from './value-set.ts';

let byUrl: ReadonlyMap<string, ValueSetCodes> | undefined;

/**
 * The codes of a value set that R4 binds an element to as required (canonical without version); undefined for any other,
 * and for those that cannot be listed: MIME types, UCUM units, one LOINC answer list.
 */
export function requiredValueSet(url: string): ValueSetCodes | undefined {
  if (byUrl === undefined) {
    const all: [string, ValueSetCodes][] = JSON.parse(valueSetsJson);
    byUrl = new Map(all);
  }
  return byUrl.get(url);
}
