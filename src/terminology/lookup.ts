import type { CodeSystem, CodeSystemConceptDesignation, CodeSystemConceptProperty } from '@medplum/fhirtypes';
import { fhirError } from '../model/issue.ts';
import { conceptTexts } from './concept-texts.ts';
import { hierarchyOf } from './hierarchy.ts';
import { named } from './named.ts';

/** What is known of a code (R4 operation CodeSystem-lookup). */
export interface Lookup {
  /** Of the code system. */
  readonly name: string;
  readonly version: string | undefined;
  readonly display: string | undefined;
  readonly definition: string | undefined;
  readonly designations: readonly CodeSystemConceptDesignation[];
  /** Its own, then `parent` and `child` as the hierarchy has them. */
  readonly properties: readonly (CodeSystemConceptProperty & { readonly description?: string })[];
}

/** @throws FhirError 404 where the code system does not have the code */
export function lookup(codeSystem: CodeSystem, code: string, language: string | undefined): Lookup {
  const { concepts, parents, children } = hierarchyOf(codeSystem);
  const concept = concepts.get(code);
  if (concept === undefined) {
    throw fhirError(
      404,
      'not-found',
      `The code system ${named(codeSystem.url ?? '')} does not have the code that is asked for.`,
    );
  }
  const described = new Map(codeSystem.property?.map((each) => [each.code, each.description]));
  const placed = new Set(['parent', 'child']);
  const own = (concept.property ?? []).filter((each) => !placed.has(each.code ?? ''));
  return {
    name: codeSystem.name ?? codeSystem.title ?? codeSystem.url ?? '',
    version: codeSystem.version,
    ...conceptTexts(undefined, concept, codeSystem, language),
    definition: concept.definition,
    properties: [
      ...own.map((each) => {
        const description = described.get(each.code);
        return description === undefined ? each : { ...each, description };
      }),
      ...[...(parents.get(code) ?? [])].map((valueCode) => ({ code: 'parent', valueCode })),
      ...[...(children.get(code) ?? [])].map((valueCode) => ({ code: 'child', valueCode })),
    ],
  };
}
