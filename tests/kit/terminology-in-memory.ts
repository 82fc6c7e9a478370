import type { CodeSystem, CodeSystemConcept, ValueSet, ValueSetCompose } from '@medplum/fhirtypes';
import type { TerminologyFinder } from '../../src/terminology/finder.ts';

/** Definitions found in a list, by `url` or `url|version`. */
export function finderOf(...resources: readonly (CodeSystem | ValueSet)[]): TerminologyFinder {
  const find = (type: string, canonical: string) => {
    const [url, version] = canonical.split('|');
    return resources.find(
      (each) => each.resourceType === type && each.url === url && (version === undefined || each.version === version),
    );
  };
  return {
    valueSet: async (canonical) => find('ValueSet', canonical) as ValueSet | undefined,
    codeSystem: async (canonical) => find('CodeSystem', canonical) as CodeSystem | undefined,
  };
}

export function valueSet(url: string, compose: ValueSetCompose, more: Partial<ValueSet> = {}): ValueSet {
  return { resourceType: 'ValueSet', url, status: 'active', compose, ...more };
}

export function codeSystem(
  url: string,
  concept: CodeSystemConcept[],
  more: Partial<CodeSystem> = {},
): CodeSystem & { resourceType: 'CodeSystem' } {
  return { resourceType: 'CodeSystem', url, status: 'active', content: 'complete', concept, ...more };
}
