import type { CodeSystem } from '@medplum/fhirtypes';
import { fhirError } from '../model/issue.ts';
import { above, hierarchyOf, isTaxonomy } from './hierarchy.ts';
import { named } from './named.ts';

export type SubsumptionOutcome = 'equivalent' | 'subsumes' | 'subsumed-by' | 'not-subsumed';

/**
 * How code A relates to code B (R4 operation CodeSystem-subsumes).
 *
 * @throws FhirError 422 where the hierarchy is not one of kinds or only a part of it is here, or a code is not in it
 */
export function subsumes(codeSystem: CodeSystem, a: string, b: string): SubsumptionOutcome {
  const system = named(codeSystem.url ?? '');
  if (!isTaxonomy(codeSystem) || codeSystem.content !== 'complete') {
    throw fhirError(422, 'not-supported', `Of the code system ${system} the hierarchy of kinds is not here.`);
  }
  const hierarchy = hierarchyOf(codeSystem);
  for (const code of [a, b]) {
    if (!hierarchy.concepts.has(code)) {
      throw fhirError(422, 'code-invalid', `The code system ${system} does not have one of the codes.`);
    }
  }
  if (a === b) {
    return 'equivalent';
  }
  return above(hierarchy, b).has(a) ? 'subsumes' : above(hierarchy, a).has(b) ? 'subsumed-by' : 'not-subsumed';
}
