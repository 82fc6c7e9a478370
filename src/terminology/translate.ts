import type { Coding, ConceptMap, ConceptMapGroup, ConceptMapGroupElementTarget } from '@medplum/fhirtypes';

export type Equivalence = NonNullable<ConceptMapGroupElementTarget['equivalence']>;

export interface Match {
  readonly equivalence: Equivalence;
  /** Absent where the map says that there is none. */
  readonly concept: Coding | undefined;
  /** Canonical of the map. */
  readonly source: string | undefined;
}

export interface TranslateOptions {
  /** Only into this code system (or, in reverse, out of it). */
  readonly targetSystem?: string | undefined;
  /** From targets to sources. */
  readonly reverse?: boolean | undefined;
}

/** Maps that refer to one another (`unmapped.mode` other-map) are followed so far. */
const MAPS_MAX = 10;
const INVERSE: Readonly<Partial<Record<Equivalence, Equivalence>>> = {
  wider: 'narrower',
  narrower: 'wider',
  subsumes: 'specializes',
  specializes: 'subsumes',
};

/** Whether a match translates: a map may also say what a code is not. */
export function translates({ equivalence, concept }: Match): boolean {
  return concept !== undefined && equivalence !== 'unmatched' && equivalence !== 'disjoint';
}

/**
 * What a map makes of a coding (R4 operation ConceptMap-translate), in the order of the map; each target once.
 *
 * @param find the map of a canonical, for codes that a group leaves to another map
 */
export async function translate(
  map: ConceptMap,
  coding: Coding,
  options: TranslateOptions,
  find: (canonical: string) => Promise<ConceptMap | undefined>,
  seen: ReadonlySet<string> = new Set(),
): Promise<readonly Match[]> {
  const found: Match[] = [];
  for (const group of map.group ?? []) {
    found.push(
      ...(options.reverse === true ? backward(map, group, coding, options) : forward(map, group, coding, options)),
    );
    const other = options.reverse === true ? undefined : leftToOther(group, coding);
    if (other !== undefined && !seen.has(other) && seen.size < MAPS_MAX) {
      const next = await find(other);
      found.push(
        ...(next === undefined ? [] : await translate(next, coding, options, find, new Set([...seen, other]))),
      );
    }
  }
  const keys = new Set<string>();
  return found.filter(({ equivalence, concept }) => {
    const key = JSON.stringify([equivalence, concept?.system, concept?.code]);
    return !keys.has(key) && keys.add(key);
  });
}

function forward(map: ConceptMap, group: ConceptMapGroup, coding: Coding, options: TranslateOptions): Match[] {
  if (!isOf(coding, group.source, group.sourceVersion) || !isAsked(group.target, options)) {
    return [];
  }
  const element = group.element?.find(({ code }) => code === coding.code);
  if (element?.target !== undefined) {
    return element.target.map((target) => ({
      equivalence: target.equivalence ?? 'relatedto',
      concept: codingOf(group.target, group.targetVersion, target),
      source: map.url,
    }));
  }
  const unmapped = element === undefined ? group.unmapped : undefined;
  if (unmapped?.mode === 'provided') {
    const concept = codingOf(group.target, group.targetVersion, coding);
    return [{ equivalence: 'equivalent', concept, source: map.url }];
  }
  if (unmapped?.mode === 'fixed') {
    const concept = codingOf(group.target, group.targetVersion, unmapped);
    return [{ equivalence: 'relatedto', concept, source: map.url }];
  }
  return [];
}

function backward(map: ConceptMap, group: ConceptMapGroup, coding: Coding, options: TranslateOptions): Match[] {
  if (!isOf(coding, group.target, group.targetVersion) || !isAsked(group.source, options)) {
    return [];
  }
  return (group.element ?? []).flatMap((element) =>
    (element.target ?? [])
      .filter(({ code }) => code === coding.code)
      .map(({ equivalence = 'relatedto' }) => ({
        equivalence: INVERSE[equivalence] ?? equivalence,
        concept: codingOf(group.source, group.sourceVersion, element),
        source: map.url,
      })),
  );
}

function leftToOther(group: ConceptMapGroup, coding: Coding): string | undefined {
  return group.unmapped?.mode === 'other-map' &&
    isOf(coding, group.source, group.sourceVersion) &&
    !group.element?.some(({ code }) => code === coding.code)
    ? group.unmapped.url
    : undefined;
}

function isOf({ system, version }: Coding, own: string | undefined, ownVersion: string | undefined): boolean {
  return system === own && (version === undefined || ownVersion === undefined || version === ownVersion);
}

function isAsked(system: string | undefined, { targetSystem }: TranslateOptions): boolean {
  return targetSystem === undefined || system === targetSystem;
}

function codingOf(
  system: string | undefined,
  version: string | undefined,
  { code, display }: { readonly code?: string; readonly display?: string },
): Coding | undefined {
  return code === undefined
    ? undefined
    : {
        ...(system !== undefined && { system }),
        ...(version !== undefined && { version }),
        code,
        ...(display !== undefined && { display }),
      };
}
