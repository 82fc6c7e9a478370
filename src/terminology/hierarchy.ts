import type { CodeSystem, CodeSystemConcept } from '@medplum/fhirtypes';

/** The concepts of a code system and which of them stand directly above and below which. */
export interface Hierarchy {
  readonly concepts: ReadonlyMap<string, CodeSystemConcept>;
  readonly parents: ReadonlyMap<string, ReadonlySet<string>>;
  readonly children: ReadonlyMap<string, ReadonlySet<string>>;
}

/** R4 section 4.8.8, the properties that are defined for all code systems. */
const PROPERTIES = 'http://hl7.org/fhir/concept-properties#';

/**
 * Whether what a code system places below a concept is a kind of it; R4 leaves open what nesting means where
 * `hierarchyMeaning` is absent, and is-a is what it is then taken for.
 */
export function isTaxonomy({ hierarchyMeaning }: CodeSystem): boolean {
  return hierarchyMeaning === undefined || hierarchyMeaning === 'is-a';
}

/** Reads nested concepts and the properties `parent` and `child`, by which a concept may stand at several places. */
export function hierarchyOf(codeSystem: CodeSystem): Hierarchy {
  const concepts = new Map<string, CodeSystemConcept>();
  const parents = new Map<string, Set<string>>();
  const children = new Map<string, Set<string>>();
  const link = (parent: string, child: string): void => {
    add(parents, child, parent);
    add(children, parent, child);
  };
  const upwards = namesOf(codeSystem, 'parent');
  const downwards = namesOf(codeSystem, 'child');
  const open = [...(codeSystem.concept ?? [])].reverse();
  for (let concept = open.pop(); concept !== undefined; concept = open.pop()) {
    const code = concept.code ?? '';
    concepts.set(code, concept);
    for (const { code: property, valueCode } of concept.property ?? []) {
      if (valueCode !== undefined && upwards.has(property ?? '')) {
        link(valueCode, code);
      }
      if (valueCode !== undefined && downwards.has(property ?? '')) {
        link(code, valueCode);
      }
    }
    for (const child of [...(concept.concept ?? [])].reverse()) {
      link(code, child.code ?? '');
      open.push(child);
    }
  }
  return { concepts, parents, children };
}

/** The code itself and all that it subsumes. */
export function below(hierarchy: Hierarchy, code: string): ReadonlySet<string> {
  return closure(hierarchy.children, code);
}

/** The code itself and all that subsume it. */
export function above(hierarchy: Hierarchy, code: string): ReadonlySet<string> {
  return closure(hierarchy.parents, code);
}

/** A concept that is not to be used any more: property `inactive`, or `status` with a value that says so. */
export function isInactive(concept: CodeSystemConcept | undefined): boolean {
  return (concept?.property ?? []).some(
    ({ code, valueBoolean, valueCode }) =>
      (code === 'inactive' && valueBoolean === true) ||
      (code === 'status' && (valueCode === 'retired' || valueCode === 'inactive')),
  );
}

/** A concept that only groups others and is not to be chosen: property `notSelectable`. */
export function isAbstract(concept: CodeSystemConcept | undefined): boolean {
  return (concept?.property ?? []).some(({ code, valueBoolean }) => code === 'notSelectable' && valueBoolean === true);
}

/** Circles do no harm: each code is taken once. */
function closure(edges: ReadonlyMap<string, ReadonlySet<string>>, code: string): ReadonlySet<string> {
  const found = new Set([code]);
  for (const each of found) {
    for (const next of edges.get(each) ?? []) {
      found.add(next);
    }
  }
  return found;
}

function namesOf(codeSystem: CodeSystem, property: 'parent' | 'child'): ReadonlySet<string> {
  const declared = (codeSystem.property ?? []).filter(({ uri }) => uri === PROPERTIES + property);
  return new Set([property, ...declared.flatMap(({ code }) => code ?? [])]);
}

function add(edges: Map<string, Set<string>>, from: string, to: string): void {
  const known = edges.get(from);
  if (known === undefined) {
    edges.set(from, new Set([to]));
  } else {
    known.add(to);
  }
}
