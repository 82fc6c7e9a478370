import { type Collection, isObject, items, TypedNode } from './collection.ts';
import { categoryOfItem, equal, jsonKey, quantityKey } from './equality.ts';
import { temporalKey } from './temporal.ts';

/** What tells most objects apart at a glance, whatever the order of their members. */
const TELLING = ['linkId', 'id', 'code', 'url', 'name', 'path'];
/** So many that look alike are compared one by one; more are told apart by all that they hold. */
const FEW = 8;

/** Items of a type of which none equals another, in the order in which they came. Time grows with their size only. */
export class DistinctItems {
  readonly #type: string;
  readonly #scalars = new Set<unknown>();
  readonly #alike = new Map<string, unknown[]>();

  constructor(type: string) {
    this.#type = type;
  }

  /** False if an equal one is there already. */
  add(item: unknown): boolean {
    const value = item instanceof TypedNode ? item.value : item;
    const category = categoryOfItem(item, this.#type);
    if (!isObject(value) && !(category === 'temporal' && typeof value === 'string')) {
      return this.#scalars.size !== this.#scalars.add(value).size;
    }
    const glance = isObject(value) && category === 'other' ? glanceOf(value) : this.#keyOf(item);
    const alike = this.#alike.get(glance);
    if (alike === undefined || alike.length < FEW) {
      return this.#addTo(glance, item);
    }
    return this.#addTo(`${glance}#${this.#keyOf(item)}`, item, alike);
  }

  #addTo(key: string, item: unknown, others: readonly unknown[] = []): boolean {
    const alike = this.#alike.get(key) ?? [];
    const equals = (other: unknown): boolean => equal(other, this.#type, item, this.#type) === true;
    if (others.some(equals) || alike.some(equals)) {
      return false;
    }
    alike.push(item);
    this.#alike.set(key, alike);
    return true;
  }

  #keyOf(item: unknown): string {
    const value = item instanceof TypedNode ? item.value : item;
    switch (categoryOfItem(item, this.#type)) {
      case 'temporal':
        return typeof value === 'string' ? temporalKey(value) : jsonKey(value);
      case 'quantity':
        return quantityKey(value) ?? jsonKey(value);
      default:
        return jsonKey(value);
    }
  }
}

/** The items without those that equal an earlier one. */
export function distinct(collection: Collection, type: string): readonly unknown[] {
  const known = new DistinctItems(type);
  return items(collection).filter((item) => known.add(item));
}

function glanceOf(value: Readonly<Record<string, unknown>>): string {
  const telling = TELLING.map((name) => (typeof value[name] === 'string' ? value[name] : ''));
  return `${Object.keys(value).length}|${telling.join('|')}`;
}
