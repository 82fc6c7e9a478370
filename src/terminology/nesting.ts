import type { CodeSystem, CodeSystemConcept, ValueSetExpansionContains } from '@medplum/fhirtypes';

/**
 * A flat expansion with each code below the nearest of its listed ancestors, as the concepts of its code system are
 * nested. Codes keep their order; none is lost.
 */
export function nested(
  flat: readonly ValueSetExpansionContains[],
  codeSystemOf: (system: string) => CodeSystem | undefined,
): ValueSetExpansionContains[] {
  const systems = new Map(flat.map(({ system = '' }) => [system, parentsIn(codeSystemOf(system))]));
  const entries = new Map(flat.map((each) => [keyOf(each.system, each.code), { ...each }]));
  const roots: ValueSetExpansionContains[] = [];
  for (const entry of entries.values()) {
    const parents = systems.get(entry.system ?? '');
    let above = parents?.get(entry.code ?? '');
    while (above !== undefined && !entries.has(keyOf(entry.system, above))) {
      above = parents?.get(above);
    }
    const parent = above === undefined ? undefined : entries.get(keyOf(entry.system, above));
    if (parent === undefined) {
      roots.push(entry);
    } else {
      parent.contains ??= [];
      parent.contains.push(entry);
    }
  }
  return roots;
}

/** What each concept is nested in. A code that stands twice has its first place, so that no circle arises. */
function parentsIn(codeSystem: CodeSystem | undefined): ReadonlyMap<string, string | undefined> {
  const parents = new Map<string, string | undefined>();
  const open = (codeSystem?.concept ?? []).map((concept): [CodeSystemConcept, string | undefined] => [
    concept,
    undefined,
  ]);
  for (const [concept, parent] of open) {
    const code = concept.code ?? '';
    if (!parents.has(code)) {
      parents.set(code, parent);
      for (const each of concept.concept ?? []) {
        open.push([each, code]);
      }
    }
  }
  return parents;
}

function keyOf(system = '', code = ''): string {
  return `${system}\n${code}`;
}
