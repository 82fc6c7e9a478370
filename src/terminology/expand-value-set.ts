import type { CodeSystem, ValueSet, ValueSetExpansionContains, ValueSetExpansionParameter } from '@medplum/fhirtypes';
import { fhirError } from '../model/issue.ts';
import { conceptTexts, textFilter } from './concept-texts.ts';
import { Expansion } from './expansion.ts';
import type { TerminologyFinder } from './finder.ts';
import { isAbstract, isInactive } from './hierarchy.ts';
import { named } from './named.ts';
import { nested } from './nesting.ts';

/** The most codes that one answer lists. */
export const EXPANSION_CODES_MAX = 10_000;

/** What $expand may be asked beside the value set (R4 operation ValueSet-expand). */
export interface ExpandOptions {
  readonly filter?: string | undefined;
  readonly offset?: number | undefined;
  readonly count?: number | undefined;
  readonly includeDesignations?: boolean | undefined;
  readonly activeOnly?: boolean | undefined;
  /** False asks for codes below codes; a page and what a filter finds are always flat. */
  readonly excludeNested?: boolean | undefined;
  readonly excludeNotForUI?: boolean | undefined;
  readonly displayLanguage?: string | undefined;
}

/** What an expansion must be told: neither clock nor chance is its own. */
export interface ExpansionMark {
  /** urn:uuid: */
  readonly identifier: string;
  /** A FHIR dateTime. */
  readonly timestamp: string;
}

/**
 * The value set with its expansion in place of its definition: in the order of the definition, paged by
 * `offset` and `count` (`total` tells how many codes there are, whatever the page). `count` 0 asks for the total alone.
 *
 * @throws FhirError 404 for a value set that is not known, 422 for one that cannot be listed, 422 too-costly where the
 *   answer would list more than EXPANSION_CODES_MAX codes
 */
export async function expandValueSet(
  asked: ValueSet | string,
  finder: TerminologyFinder,
  options: ExpandOptions,
  mark: ExpansionMark,
): Promise<ValueSet> {
  const { definition, expansion, codes } = await codesOf(asked, finder);
  const matches = options.filter === undefined ? undefined : textFilter(options.filter);
  const all: ValueSetExpansionContains[] = [];
  const codeSystems = new Map<string, CodeSystem | undefined>();
  const versions = new Set<string>();
  for (const [system, listed] of codes) {
    const known = await expansion.usedSystem(system);
    codeSystems.set(system, known?.codeSystem);
    if (known?.codeSystem.version !== undefined) {
      versions.add(`${system}|${known.codeSystem.version}`);
    }
    for (const code of listed) {
      const concept = known?.hierarchy.concepts.get(code);
      const inactive = isInactive(concept);
      const abstract = isAbstract(concept);
      const texts = conceptTexts(expansion.texts(system, code), concept, known?.codeSystem, options.displayLanguage);
      if (
        (inactive && options.activeOnly === true) ||
        (abstract && options.excludeNotForUI === true) ||
        matches?.(code, texts) === false
      ) {
        continue;
      }
      all.push({
        ...(system !== '' && { system }),
        code,
        ...(texts.display !== undefined && { display: texts.display }),
        ...(abstract && { abstract }),
        ...(inactive && { inactive }),
        ...(options.includeDesignations === true &&
          texts.designations.length > 0 && { designation: [...texts.designations] }),
      });
    }
  }
  const offset = options.offset ?? 0;
  const contains = options.count === undefined ? all.slice(offset) : all.slice(offset, offset + options.count);
  if (contains.length > EXPANSION_CODES_MAX) {
    throw fhirError(
      422,
      'too-costly',
      `The value set has ${all.length} codes, more than the ${EXPANSION_CODES_MAX} that one answer may list: ask for pages with count and offset, or for less with filter.`,
    );
  }
  const flat =
    options.excludeNested !== false ||
    options.filter !== undefined ||
    options.offset !== undefined ||
    options.count !== undefined;
  const { compose: _, expansion: __, text: ___, ...head } = definition;
  return {
    ...head,
    expansion: {
      ...mark,
      total: all.length,
      ...(options.offset !== undefined && { offset }),
      parameter: [
        ...parametersOf({ ...options, excludeNested: undefined }),
        ...[...versions].map((valueUri) => ({ name: 'version', valueUri })),
        { name: 'excludeNested', valueBoolean: flat },
      ],
      ...(contains.length > 0 && {
        contains: flat ? contains : nested(contains, (system) => codeSystems.get(system)),
      }),
    },
  };
}

/** The codes of a value set that is stored, or one of R4's own, or given. */
async function codesOf(asked: ValueSet | string, finder: TerminologyFinder) {
  if (typeof asked !== 'string') {
    const expansion = new Expansion(asked.url ?? 'that was sent', finder, 422);
    return { definition: asked, expansion, codes: await expansion.codesOf(asked) };
  }
  const expansion = new Expansion(asked, finder, 422);
  const codes = await expansion.codes(asked);
  const stored = await finder.valueSet(asked);
  const definition: ValueSet = stored ?? {
    resourceType: 'ValueSet',
    url: asked.split('|')[0] ?? named(asked),
    status: 'active',
  };
  return { definition, expansion, codes };
}

function parametersOf(options: ExpandOptions): ValueSetExpansionParameter[] {
  const given: [string, string | number | boolean | undefined][] = Object.entries(options);
  return given.flatMap(([name, value]): ValueSetExpansionParameter[] =>
    value === undefined
      ? []
      : typeof value === 'boolean'
        ? [{ name, valueBoolean: value }]
        : typeof value === 'number'
          ? [{ name, valueInteger: value }]
          : [{ name, valueString: value }],
  );
}
