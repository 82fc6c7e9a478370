import type { ValueSetCodes } from '../value-set.ts';
import { definition, definitionsOfType, type Json, object, objects, text } from './definitions-package.ts';

/**
 * The codes of the given value sets (canonicals without version), as far as the definitions package tells them: from
 * the concepts that they list, from code systems that are complete in the package, and from the specification's own
 * published expansions (currencies). Sets over systems that the package does not hold (MIME types, UCUM, LOINC) are
 * left out. Sorted by canonical; codes in the order of the definition.
 */
export function valueSets(wanted: Iterable<string>): [string, ValueSetCodes][] {
  const sources = {
    valueSets: byUrl(definitionsOfType('ValueSet')),
    codeSystems: byUrl(definitionsOfType('CodeSystem')),
    expansions: byUrl(
      objects(definition('Bundle', 'valueset-expansions'), 'entry').map((entry) => object(entry, 'resource')),
    ),
  };
  return [...new Set(wanted)].sort().flatMap((url): [string, ValueSetCodes][] => {
    const codes = composed(url, sources) ?? published(url, sources);
    return codes === undefined ? [] : [[url, [...codes].map(([system, set]) => [system, [...set]] as const)]];
  });
}

interface Sources {
  readonly valueSets: ReadonlyMap<string, Json>;
  readonly codeSystems: ReadonlyMap<string, Json>;
  readonly expansions: ReadonlyMap<string, Json>;
}

type Codes = Map<string, Set<string>>;

/** The definition worked out; undefined where a part of it cannot be. */
function composed(url: string, sources: Sources): Codes | undefined {
  const valueSet = sources.valueSets.get(url.split('|')[0] ?? url);
  if (valueSet === undefined) {
    return undefined;
  }
  const compose = object(valueSet, 'compose');
  const codes: Codes = new Map();
  if (objects(compose, 'exclude').length > 0) {
    return undefined;
  }
  for (const include of objects(compose, 'include')) {
    const nested = include.valueSet;
    if (Array.isArray(nested) && nested.length === 1 && include.system === undefined) {
      const inner = composed(String(nested[0]), sources);
      if (inner === undefined) {
        return undefined;
      }
      for (const [system, set] of inner) {
        add(codes, system, set);
      }
      continue;
    }
    const system = text(include, 'system');
    const listed = objects(include, 'concept').flatMap((concept) => text(concept, 'code') ?? []);
    if (system === undefined || nested !== undefined || include.filter !== undefined) {
      return undefined;
    }
    const whole = listed.length > 0 ? listed : codesOfSystem(sources.codeSystems.get(system));
    if (whole === undefined) {
      return undefined;
    }
    add(codes, system, whole);
  }
  return codes;
}

/** The published expansion; undefined if it is cut off (UCUM's is a thousand examples of infinitely many). */
function published(url: string, sources: Sources): Codes | undefined {
  const expansion = object(sources.expansions.get(url) ?? {}, 'expansion');
  const contains = objects(expansion, 'contains');
  if (contains.length === 0 || contains.length >= 1000) {
    return undefined;
  }
  const codes: Codes = new Map();
  for (const each of contains) {
    add(codes, text(each, 'system') ?? '', [text(each, 'code') ?? '']);
  }
  return codes;
}

function codesOfSystem(codeSystem: Json | undefined): string[] | undefined {
  return codeSystem !== undefined && codeSystem.content === 'complete' ? codesUnder(codeSystem) : undefined;
}

/** Codes to be used: one marked as not selectable only groups others, as `question` does in item-type. */
function codesUnder(of: Json): string[] {
  return objects(of, 'concept').flatMap((concept) => [
    ...(objects(concept, 'property').some(
      (each) => text(each, 'code') === 'notSelectable' && each.valueBoolean === true,
    )
      ? []
      : [text(concept, 'code') ?? '']),
    ...codesUnder(concept),
  ]);
}

function add(codes: Codes, system: string, added: Iterable<string>): void {
  const set = codes.get(system) ?? new Set();
  codes.set(system, set);
  for (const code of added) {
    set.add(code);
  }
}

function byUrl(resources: readonly Json[]): Map<string, Json> {
  return new Map(resources.map((each) => [text(each, 'url') ?? '', each]));
}
