import type { Questionnaire, StructureDefinition } from '@medplum/fhirtypes';
import { modulesOf, type Parts } from '../../forms/assemble/assemble.ts';
import { definitionsOf } from '../../forms/assemble/definition.ts';
import { fhirError } from '../../model/issue.ts';
import { byCanonical } from '../codes/definitions.ts';
import type { Exchange } from '../exchange.ts';

/** Forms and definitions that one form is put together from. */
const PARTS_MAX = 200;

/**
 * Fetches what a modular form is put together from, and what that is put together from, as the caller may read it.
 *
 * @throws FhirError 422 for a form of too many parts
 */
export async function fetchedParts(exchange: Exchange, root: Questionnaire): Promise<Parts> {
  const questionnaires = new Map<string, Questionnaire | undefined>();
  const structures = new Map<string, StructureDefinition | undefined>();
  const queue = [root];
  for (let form = queue.pop(); form !== undefined; form = queue.pop()) {
    for (const canonical of definitionsOf(form)) {
      if (structures.has(canonical)) continue;
      refuseTooMany(questionnaires.size + structures.size);
      structures.set(canonical, await byCanonical<StructureDefinition>(exchange, 'StructureDefinition', canonical));
    }
    for (const canonical of modulesOf(form)) {
      if (questionnaires.has(canonical)) continue;
      refuseTooMany(questionnaires.size + structures.size);
      const module = await byCanonical<Questionnaire>(exchange, 'Questionnaire', canonical);
      questionnaires.set(canonical, module);
      if (module !== undefined) queue.push(module);
    }
  }
  return {
    questionnaire: (canonical) => questionnaires.get(canonical),
    structure: (canonical) => structures.get(canonical),
  };
}

function refuseTooMany(count: number): void {
  if (count >= PARTS_MAX) {
    throw fhirError(422, 'too-costly', `The form is put together from more than ${PARTS_MAX} parts.`, 'Questionnaire');
  }
}
