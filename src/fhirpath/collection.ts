import { FhirPathError } from './expr.ts';

/** More than any resource has. An expression can multiply what it finds at each step: it must not fill the memory. */
const ITEMS_MAX = 2_000_000;

/**
 * A collection as compiled FHIRPath passes it on: undefined when empty, the item itself when it has one, else an array.
 * So walking `name.family` of a Patient allocates nothing. Items are plain JSON values, or one of the two classes below.
 */
export type Collection = unknown;

/** A value that carries its type, where the expression alone does not tell it. */
export class TypedNode {
  readonly type: string;
  /** Plain JSON, or an Absent. */
  readonly value: unknown;

  constructor(type: string, value: unknown) {
    this.type = type;
    this.value = value;
  }
}

/** A primitive that has an id or extensions, but no value. */
export class Absent {
  readonly element: unknown;

  constructor(element: unknown) {
    this.element = element;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The array as a collection. */
export function pack(items: readonly unknown[]): Collection {
  return items.length > 1 ? items : items[0];
}

/** The collection as an array. */
export function items(collection: Collection): readonly unknown[] {
  return collection === undefined ? [] : Array.isArray(collection) ? collection : [collection];
}

export function count(collection: Collection): number {
  return collection === undefined ? 0 : Array.isArray(collection) ? collection.length : 1;
}

/** Calls `each` for every item, in order. */
export function mapItems(collection: Collection, each: (item: unknown) => Collection): Collection {
  if (collection === undefined) {
    return undefined;
  }
  if (!Array.isArray(collection)) {
    return each(collection);
  }
  let found: Collection;
  let many: unknown[] | undefined;
  for (const item of collection) {
    const more = each(item);
    if (more === undefined) {
      continue;
    }
    if (found === undefined) {
      found = more;
      continue;
    }
    if (many === undefined) {
      many = [...items(found)];
      found = many;
    }
    if (Array.isArray(more)) {
      for (const one of more) {
        many.push(one);
      }
    } else {
      many.push(more);
    }
    refuseTooMany(many.length);
  }
  return found;
}

export function filterItems(collection: Collection, keep: (item: unknown) => boolean): Collection {
  if (collection === undefined) {
    return undefined;
  }
  if (!Array.isArray(collection)) {
    return keep(collection) ? collection : undefined;
  }
  return pack(collection.filter(keep));
}

/** @throws FhirPathError where a collection has become too long */
export function refuseTooMany(count: number): void {
  if (count > ITEMS_MAX) {
    throw new FhirPathError(`more than ${ITEMS_MAX} items found`);
  }
}

/** The value beneath a TypedNode; undefined for one without value. */
export function plain(item: unknown): unknown {
  const value = item instanceof TypedNode ? item.value : item;
  return value instanceof Absent ? undefined : value;
}

/**
 * Reads an element of a complex type from one JSON object: null and empty arrays, which valid JSON does not have, count as
 * absent.
 */
export function complexProperty(object: unknown, name: string): Collection {
  if (!isObject(object)) {
    return undefined;
  }
  const value = object[name];
  if (value === undefined || value === null) {
    return undefined;
  }
  if (Array.isArray(value)) {
    return value.length === 1 ? value[0] : value.length === 0 ? undefined : value;
  }
  return value;
}

/** Reads an element of a primitive type: what has only an id or extensions (`_name`) comes as Absent. */
export function primitiveProperty(object: unknown, name: string, elementName: string): Collection {
  if (!isObject(object)) {
    return undefined;
  }
  const value = object[name];
  if (value === undefined || value === null) {
    const element = object[elementName];
    return element === undefined || element === null ? undefined : absent(element);
  }
  if (!Array.isArray(value)) {
    return value;
  }
  if (value.includes(null)) {
    const elements = items(object[elementName]);
    return pack(value.map((each, index) => each ?? new Absent(elements[index])));
  }
  return value.length === 1 ? value[0] : value.length === 0 ? undefined : value;
}

function absent(element: unknown): Collection {
  return Array.isArray(element)
    ? pack(element.filter((each) => each !== null).map((each) => new Absent(each)))
    : new Absent(element);
}
