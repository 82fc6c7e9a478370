import type { CodeSystem, ValueSet } from '@medplum/fhirtypes';
import { findCanonical } from '../interactions/find-canonical.ts';
import { type Caller, systemCaller } from '../model/caller.ts';
import type { Queryable } from '../model/queryable.ts';
import type { Concept, ConceptLookup } from '../search/query/concepts.ts';
import { read } from '../store/read.ts';
import { expand } from '../terminology/expand.ts';
import type { TerminologyFinder } from '../terminology/finder.ts';
import { subsumption } from '../terminology/subsumption.ts';

const LITERAL = /^ValueSet\/([A-Za-z0-9.-]{1,64})$/;

/**
 * The value sets and code systems of the store, read when they are asked for: there may be thousands, and few are in use.
 *
 * @param baseUrl the server's own: a value set may be named by its address too
 * @param caller who asks; the server itself where that is not given
 */
export function storedTerminology(
  db: Queryable,
  hashSeed: string,
  baseUrl: string,
  caller: Caller = systemCaller,
): TerminologyFinder {
  return {
    async valueSet(canonical) {
      const found = await findCanonical(db, 'ValueSet', canonical, hashSeed, caller);
      if (found !== undefined) {
        return found.resource as ValueSet;
      }
      const relative = canonical.startsWith(`${baseUrl}/`) ? canonical.slice(baseUrl.length + 1) : canonical;
      const id = LITERAL.exec(relative)?.[1];
      const stored = id === undefined ? undefined : await read(db, caller, 'ValueSet', id);
      return stored === undefined || stored.deleted ? undefined : (JSON.parse(stored.content) as ValueSet);
    },
    async codeSystem(canonical) {
      const found = await findCanonical(db, 'CodeSystem', canonical, hashSeed, caller);
      return found?.resource as CodeSystem | undefined;
    },
  };
}

/** What searches ask of terminology: :in, :not-in, :above, :below. */
export function conceptLookup(finder: TerminologyFinder): ConceptLookup {
  const related = async (relation: 'above' | 'below', { system, code }: Concept): Promise<readonly Concept[]> =>
    [...(await subsumption(relation, system, code, finder))].map((each) => ({ system, code: each }));
  return {
    in: async (valueSet) =>
      [...(await expand(valueSet, finder))].flatMap(([system, codes]) => [...codes].map((code) => ({ system, code }))),
    above: (concept) => related('above', concept),
    below: (concept) => related('below', concept),
  };
}
