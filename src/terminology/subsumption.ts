import { fhirError } from '../model/issue.ts';
import type { TerminologyFinder } from './finder.ts';
import { above, below, hierarchyOf, isTaxonomy } from './hierarchy.ts';
import { named } from './named.ts';

/**
 * A code with those that it subsumes (`below`) or that subsume it (`above`), within its code system.
 *
 * @throws FhirError 400 that names the code system, if it is not known, not known whole, no taxonomy, or lacks the code
 */
export async function subsumption(
  relation: 'above' | 'below',
  system: string,
  code: string,
  finder: TerminologyFinder,
): Promise<ReadonlySet<string>> {
  const codeSystem = await finder.codeSystem(system);
  if (codeSystem === undefined) {
    throw fhirError(400, 'not-found', `The code system ${named(system)} is not known here.`);
  }
  if (codeSystem.content !== 'complete') {
    throw fhirError(
      400,
      'not-supported',
      `Of the code system ${named(system)} only a part is here (content ${codeSystem.content}): what is ${relation} a code cannot be told.`,
    );
  }
  if (!isTaxonomy(codeSystem)) {
    throw fhirError(
      400,
      'not-supported',
      `The hierarchy of the code system ${named(system)} is not one of kinds (hierarchyMeaning ${codeSystem.hierarchyMeaning}).`,
    );
  }
  const hierarchy = hierarchyOf(codeSystem);
  if (!hierarchy.concepts.has(code)) {
    throw fhirError(400, 'code-invalid', `The code system ${named(system)} does not have the code that is asked for.`);
  }
  return (relation === 'below' ? below : above)(hierarchy, code);
}
