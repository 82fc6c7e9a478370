import {
  Absent,
  type Collection,
  complexProperty,
  isObject,
  mapItems,
  pack,
  primitiveProperty,
  TypedNode,
} from './collection.ts';
import { ANY, type Element, type TypeModel } from './type-model.ts';

/** The type of a value that may be any resource. */
export function typedResource(value: unknown): TypedNode | undefined {
  if (value instanceof TypedNode) {
    return value;
  }
  const type = isObject(value) ? value.resourceType : undefined;
  return typeof type === 'string' ? new TypedNode(type, value) : undefined;
}

/** Reads `property` of one plain JSON object as items of `type`. */
export function reader(model: TypeModel, property: string, type: string): (object: unknown) => Collection {
  if (type === ANY) {
    return (object) => mapItems(complexProperty(object, property), typedResource);
  }
  if (model.isPrimitive(type) || type.startsWith('System.')) {
    const elementName = `_${property}`;
    return (object) => primitiveProperty(object, property, elementName);
  }
  return (object) => complexProperty(object, property);
}

/** Reads an element of one plain JSON object as TypedNodes. */
export function typedElement(model: TypeModel, element: Element): (object: unknown) => Collection {
  const readers = element.types.map((type, index) => {
    const read = reader(model, element.properties[index] ?? '', type);
    return type === ANY ? read : (object: unknown) => mapItems(read(object), (value) => new TypedNode(type, value));
  });
  const [first] = readers;
  if (readers.length === 1 && first !== undefined) {
    return first;
  }
  return (object) => {
    for (const read of readers) {
      const found = read(object);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  };
}

/** Finds members of TypedNodes, whose type is known only at run time. */
export class Navigator {
  readonly #model: TypeModel;
  readonly #readers = new Map<string, Map<string, (object: unknown) => Collection>>();

  constructor(model: TypeModel) {
    this.#model = model;
  }

  member(node: unknown, name: string): Collection {
    if (!(node instanceof TypedNode)) {
      return undefined;
    }
    const read = this.#readersOf(node.type).get(name);
    return read === undefined || node.value instanceof Absent ? undefined : read(node.value);
  }

  children(node: unknown): Collection {
    if (!(node instanceof TypedNode) || !isObject(node.value) || node.value instanceof Absent) {
      return undefined;
    }
    const found: unknown[] = [];
    for (const read of this.#readersOf(node.type).values()) {
      const values = read(node.value);
      if (Array.isArray(values)) {
        for (const value of values) {
          found.push(value);
        }
      } else if (values !== undefined) {
        found.push(values);
      }
    }
    return pack(found);
  }

  /** Level by level, as repeat(children()) goes. */
  descendants(node: unknown): Collection {
    const found: unknown[] = [];
    const add = (child: unknown): undefined => {
      found.push(child);
    };
    mapItems(this.children(node), add);
    for (const each of found) {
      mapItems(this.children(each), add);
    }
    return pack(found);
  }

  #readersOf(type: string): ReadonlyMap<string, (object: unknown) => Collection> {
    let readers = this.#readers.get(type);
    if (readers === undefined) {
      const elements = this.#model.isPrimitive(type) ? [] : [...this.#model.elements(type).values()];
      readers = new Map(elements.map((element) => [element.name, typedElement(this.#model, element)]));
      this.#readers.set(type, readers);
    }
    return readers;
  }
}
