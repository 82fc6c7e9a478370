import { structuresJson } from './r4.generated.js';
import type { ElementType, Structure, StructureElement } from './structure.ts';

let byName: ReadonlyMap<string, Structure> | undefined;

/** Every type of R4 by name, backbone elements included (`Patient.contact`); parsed at the first call. */
export function structures(): ReadonlyMap<string, Structure> {
  if (byName === undefined) {
    const all: Structure[] = JSON.parse(structuresJson);
    byName = new Map(all.map((structure) => [structure.name, structure]));
  }
  return byName;
}

const elements = new Map<string, readonly StructureElement[]>();

/** All elements of a type, inherited ones first; empty if R4 has no such type. */
export function elementsOf(type: string): readonly StructureElement[] {
  let found = elements.get(type);
  if (found === undefined) {
    const structure = structures().get(type);
    if (structure === undefined) {
      return [];
    }
    const own = new Set(structure.elements.map(({ name }) => name));
    const inherited = structure.base === undefined ? [] : elementsOf(structure.base);
    found = [...inherited.filter(({ name }) => !own.has(name)), ...structure.elements];
    elements.set(type, found);
  }
  return found;
}

/** Whether a type is another or specialises it: Age is a Quantity, Patient a Resource. */
export function isKindOf(type: string, ancestor: string): boolean {
  const base = structures().get(type)?.base;
  return type === ancestor || (base !== undefined && isKindOf(base, ancestor));
}

/**
 * The element that a path of plain names leads to (`contact.name`, `value` or `valueQuantity` for `value[x]`), with the
 * types that it can have there: one, but for a choice that the path leaves open. Undefined if there is none.
 */
export function elementTypeAt(
  type: string,
  path: string,
): { readonly element: StructureElement; readonly types: readonly ElementType[] } | undefined {
  const [name = '', ...rest] = path.split('.');
  for (const element of elementsOf(type)) {
    const types = element.name === name ? element.types : element.choice ? typeNamed(element, name) : [];
    if (types.length > 0) {
      return rest.length === 0 ? { element, types } : firstOf(types, rest.join('.'));
    }
  }
  return undefined;
}

/** The name that an element has in JSON when it is of one of its types: `valueQuantity`. */
export function jsonName(element: StructureElement, type: string): string {
  return element.choice ? element.name + type.charAt(0).toUpperCase() + type.slice(1) : element.name;
}

function typeNamed(element: StructureElement, name: string): readonly ElementType[] {
  return element.types.filter(({ type }) => jsonName(element, type) === name);
}

function firstOf(types: readonly ElementType[], path: string): ReturnType<typeof elementTypeAt> {
  for (const { type } of types) {
    const found = elementTypeAt(type, path);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
