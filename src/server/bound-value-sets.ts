import type { Resource, StructureDefinition } from '@medplum/fhirtypes';
import { type Membership, membership } from '../conformance/binding.ts';
import { FhirError } from '../model/issue.ts';
import { listOf } from '../terminology/codes.ts';
import { expand } from '../terminology/expand.ts';
import type { TerminologyFinder } from '../terminology/finder.ts';

/** The most codes that a value set may have whose members are kept at hand. */
const MEMBERS_MAX = 50_000;

/**
 * The value sets that profiles bind as required, by the canonical they are bound by. Those that are not known or cannot be
 * listed are left out: values are not checked against them.
 */
export async function boundValueSets(
  definitions: readonly Resource[],
  finder: TerminologyFinder,
): Promise<ReadonlyMap<string, Membership>> {
  const found = new Map<string, Membership>();
  for (const canonical of new Set(definitions.flatMap(required))) {
    try {
      found.set(canonical, membership(listOf(await expand(canonical, finder, MEMBERS_MAX))));
    } catch (error) {
      if (!(error instanceof FhirError)) {
        throw error;
      }
    }
  }
  return found;
}

function required(definition: Resource): readonly string[] {
  const { snapshot, differential } = definition as StructureDefinition;
  return [...(snapshot?.element ?? []), ...(differential?.element ?? [])].flatMap(({ binding }) =>
    binding?.strength === 'required' ? (binding.valueSet ?? []) : [],
  );
}
