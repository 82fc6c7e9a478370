import type { StructureElement } from '../../model/r4/structure.ts';
import { elementsOf, jsonName } from '../../model/r4/structures.ts';

const CORE = 'http://hl7.org/fhir/StructureDefinition/';

/** One step from an element to one that stands in it. */
export interface DefinitionStep {
  readonly element: StructureElement;
  /** The types that it may have here: of a choice those that the definition leaves open. */
  readonly types: readonly string[];
  readonly slice: string | undefined;
  readonly list: boolean;
}

/** An element of a resource that is extracted, as `item.definition` and definitionExtractValue name it. */
export interface DefinitionTarget {
  /** Of the type or profile, as `canonicalForm` writes it. */
  readonly canonical: string;
  readonly type: string;
  /** From the resource to the element; empty for the resource itself. */
  readonly steps: readonly DefinitionStep[];
}

/** A canonical without version; those of R4's own types in one form (`http://hl7.org/fhir/Patient` is written too). */
export function canonicalForm(canonical: string): string {
  const [url = ''] = canonical.split('|');
  return url.replace(/^http:\/\/hl7\.org\/fhir\/([A-Z][A-Za-z]*)$/, `${CORE}$1`);
}

/** The type that a canonical of R4 itself is; undefined for a profile. */
export function coreType(canonical: string): string | undefined {
  const type = canonical.startsWith(CORE) ? canonical.slice(CORE.length) : undefined;
  return type !== undefined && elementsOf(type).length > 0 ? type : undefined;
}

/** The two parts of `canonical#Patient.name.given`. */
export function splitDefinition(definition: string): { readonly canonical: string; readonly id: string } | undefined {
  const hash = definition.indexOf('#');
  return hash < 1 ? undefined : { canonical: canonicalForm(definition.slice(0, hash)), id: definition.slice(hash + 1) };
}

/**
 * The target of a definition: the id of an element in the type or profile, or one that goes on into data types (SDC,
 * "Definition-based extraction"). Undefined where R4 has no such element.
 */
export function definitionTarget(canonical: string, id: string): DefinitionTarget | undefined {
  const [type = '', ...segments] = id.split('.');
  const steps: DefinitionStep[] = [];
  let types: readonly string[] = [type];
  for (const [index, segment] of segments.entries()) {
    const step = stepInto(types, segment, segments[index + 1]);
    if (step === undefined) {
      return undefined;
    }
    steps.push(step);
    types = step.types;
  }
  return elementsOf(type).length === 0 ? undefined : { canonical, type, steps };
}

/** @param next the segment after this one: of a choice, only types that have it are meant */
function stepInto(types: readonly string[], segment: string, next: string | undefined): DefinitionStep | undefined {
  const [written = '', slice] = segment.split(':');
  const name = written.replace(/\[x\]$/, '');
  for (const type of types) {
    for (const element of elementsOf(type)) {
      const all = element.types.map((each) => each.type);
      const named = element.choice ? all.filter((each) => jsonName(element, each) === name) : [];
      if (element.name !== name && named.length === 0) continue;
      const sliced = element.choice ? all.filter((each) => jsonName(element, each) === slice) : [];
      const meant = named.length > 0 ? named : sliced.length > 0 ? sliced : all;
      const open = next === undefined ? meant : meant.filter((each) => has(each, next));
      const own = sliced.length > 0 ? undefined : slice;
      return open.length === 0 ? undefined : { element, types: open, slice: own, list: element.max === '*' };
    }
  }
  return undefined;
}

function has(type: string, segment: string): boolean {
  return stepInto([type], segment, undefined) !== undefined;
}
