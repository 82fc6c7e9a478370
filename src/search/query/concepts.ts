import { fhirError } from '../../model/issue.ts';
import { codeForm, keyOf, systemCodeForm } from '../keys.ts';
import type { ConceptsCriterion, Criterion } from './nodes.ts';
import { split, unescaped } from './split.ts';
import { replaced } from './tree.ts';

export interface Concept {
  readonly system: string;
  readonly code: string;
}

/** What searches need of terminology. Undefined: the value set or the code system is not known here. */
export interface ConceptLookup {
  /** The codes of a value set. @param valueSet canonical url, perhaps with |version, or `ValueSet/id` */
  in(valueSet: string): Promise<readonly Concept[] | undefined>;
  /** The code itself and those that subsume it. */
  above(concept: Concept): Promise<readonly Concept[] | undefined>;
  /** The code itself and those that it subsumes. */
  below(concept: Concept): Promise<readonly Concept[] | undefined>;
}

/** The most codes that a value set or hierarchy may have in a search. */
const CODES_MAX = 10_000;

/** Replaces what only terminology knows (:in, :not-in, :above, :below) by the codes themselves. */
export function withConcepts(
  where: readonly Criterion[],
  lookup: ConceptLookup | undefined,
): Promise<readonly Criterion[]> {
  return replaced(where, 'concepts', (criterion) => tokensOf(criterion, lookup));
}

async function tokensOf(criterion: ConceptsCriterion, lookup: ConceptLookup | undefined): Promise<Criterion> {
  const { relation, code, names } = criterion;
  if (lookup === undefined) {
    throw fhirError(
      400,
      'not-supported',
      `The modifier :${relation} of ${code} needs terminology, which is not loaded.`,
    );
  }
  const concepts: Concept[] = [];
  for (const value of criterion.values) {
    const found = relation === 'in' ? await lookup.in(value) : await lookup[relation](conceptOf(value, code));
    if (found === undefined) {
      throw fhirError(
        400,
        'not-found',
        `The value set or code system in the search parameter ${code} is not known here.`,
      );
    }
    concepts.push(...found);
    if (concepts.length > CODES_MAX) {
      throw fhirError(400, 'too-costly', `The search parameter ${code} stands for more than ${CODES_MAX} codes.`);
    }
  }
  const keys = names.flatMap(({ name, impliedSystem }) =>
    concepts.map((concept) =>
      keyOf(
        name,
        impliedSystem === concept.system ? codeForm(concept.code) : systemCodeForm(concept.system, concept.code),
      ),
    ),
  );
  return { kind: 'token', keys: [...new Set(keys)], few: false };
}

function conceptOf(value: string, parameter: string): Concept {
  const [system, code] = split(value, '|').map(unescaped);
  if (!system || !code) {
    throw fhirError(400, 'invalid', `The search parameter ${parameter} expects system|code with :above and :below.`);
  }
  return { system, code };
}
