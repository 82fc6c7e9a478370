import { fhirError } from '../model/issue.ts';
import { type Codes, sizeOf } from './codes.ts';
import { Expansion } from './expansion.ts';
import type { TerminologyFinder } from './finder.ts';
import { named } from './named.ts';

/** The most codes that a value set may have to be listed in a search. */
export const CODES_MAX = 5000;

/**
 * All codes of a value set (R4 section 4.9.8): by its `compose`, else its complete `expansion`, else as one of those that
 * R4 binds as required. Definitions without version are taken as they are now: `compose.lockedDate` is not looked at.
 *
 * @throws FhirError 400 that names the value set, if it is not known, cannot be listed, or has more than `codesMax` codes
 */
export async function expand(
  canonical: string,
  finder: TerminologyFinder,
  codesMax: number = CODES_MAX,
): Promise<Codes> {
  const codes = await new Expansion(canonical, finder).codes(canonical);
  if (sizeOf(codes) > codesMax) {
    throw fhirError(400, 'too-costly', `The value set ${named(canonical)} has more than ${codesMax} codes.`);
  }
  return codes;
}
