import { readStructures } from '#r4-structures';
import type { Structure, StructureElement } from './structure.ts';

let byName: ReadonlyMap<string, Structure> | undefined;

/** Every type of R4 by name, backbone elements included (`Patient.contact`); parsed at the first call. */
export function structures(): ReadonlyMap<string, Structure> {
  if (byName === undefined) {
    byName = new Map(readStructures().map((structure) => [structure.name, structure]));
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

/** The name that an element has in JSON when it is of one of its types: `valueQuantity`. */
export function jsonName(element: StructureElement, type: string): string {
  return element.choice ? element.name + type.charAt(0).toUpperCase() + type.slice(1) : element.name;
}
