import type { Structure, StructureElement } from '../model/r4/structure.ts';

/** The type whose values carry their type with them: see TypedNode. */
export const ANY = '*';

export interface Element {
  readonly name: string;
  /** One type; a choice has several. */
  readonly types: readonly string[];
  /** For each type, under which name the value stands in JSON: `value` + `Quantity` for a choice. */
  readonly properties: readonly string[];
  readonly choice: boolean;
}

/** What the compiler has to know about the types of R4. */
export class TypeModel {
  readonly #structures: ReadonlyMap<string, Structure>;
  readonly #elements = new Map<string, Map<string, Element>>();
  readonly #ancestors = new Map<string, readonly string[]>();

  constructor(structures: readonly Structure[]) {
    this.#structures = new Map(structures.map((each) => [each.name, each]));
  }

  has(type: string): boolean {
    return this.#structures.has(type);
  }

  isPrimitive(type: string): boolean {
    return this.#structures.get(type)?.kind === 'primitive';
  }

  isResource(type: string): boolean {
    return this.#structures.get(type)?.kind === 'resource';
  }

  /** The elements of a type, inherited ones included, by FHIRPath name; empty for a type that R4 does not know. */
  elements(type: string): ReadonlyMap<string, Element> {
    let found = this.#elements.get(type);
    if (found === undefined) {
      const structure = this.#structures.get(type);
      found = new Map(structure?.base === undefined ? [] : this.elements(structure.base));
      for (const each of structure?.elements ?? []) {
        found.set(each.name, this.#element(each));
      }
      this.#elements.set(type, found);
    }
    return found;
  }

  /** The type itself and what it specialises, nearest first: `Age`, `Quantity`, `Element`. */
  ancestors(type: string): readonly string[] {
    let found = this.#ancestors.get(type);
    if (found === undefined) {
      const base = this.#structures.get(type)?.base;
      found = base === undefined ? [type] : [type, ...this.ancestors(base)];
      this.#ancestors.set(type, found);
    }
    return found;
  }

  isA(type: string, ancestor: string): boolean {
    return type === ancestor || this.ancestors(type).includes(ancestor);
  }

  #element({ name, types, choice }: StructureElement): Element {
    const names = types.map(({ type }) => type).filter((type, index, all) => all.indexOf(type) === index);
    return {
      name,
      // Where any resource may stand, the value itself says which it is.
      types: names.map((type) => (type === 'Resource' || type === 'DomainResource' ? ANY : type)),
      properties: names.map((type) => (choice ? `${name}${type.charAt(0).toUpperCase()}${type.slice(1)}` : name)),
      choice: choice === true,
    };
  }
}
