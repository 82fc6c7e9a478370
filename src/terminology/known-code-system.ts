import type { CodeSystem } from '@medplum/fhirtypes';
import { fhirError } from '../model/issue.ts';
import type { TerminologyFinder } from './finder.ts';
import { named } from './named.ts';

/**
 * The code system of a canonical.
 *
 * @throws FhirError 404 where it is not known, 422 where only its name is here (content `not-present`, or a supplement)
 */
export async function knownCodeSystem(
  system: string,
  version: string | undefined,
  finder: TerminologyFinder,
): Promise<CodeSystem> {
  const canonical = version === undefined ? system : `${system}|${version}`;
  const found = await finder.codeSystem(canonical);
  if (found === undefined) {
    throw fhirError(404, 'not-found', `The code system ${named(canonical)} is not known here.`);
  }
  return withConcepts(found);
}

/** The code system itself. @throws FhirError 422 where it does not hold the concepts that it is about */
export function withConcepts(codeSystem: CodeSystem): CodeSystem {
  if (codeSystem.content === 'not-present' || codeSystem.content === 'supplement') {
    throw fhirError(
      422,
      'not-supported',
      `Of the code system ${named(codeSystem.url ?? '')} the concepts are not here (content ${codeSystem.content}).`,
    );
  }
  return codeSystem;
}
