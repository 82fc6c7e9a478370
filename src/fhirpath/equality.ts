import { Absent, type Collection, count, isObject, items, TypedNode } from './collection.ts';
import { compareTemporal } from './temporal.ts';
import { canonicalUnit, UCUM } from './ucum.ts';

const TEMPORAL = new Set(['date', 'dateTime', 'instant', 'time', 'System.Date', 'System.DateTime', 'System.Time']);
const QUANTITIES = new Set(['Quantity', 'Age', 'Count', 'Distance', 'Duration', 'SimpleQuantity', 'System.Quantity']);

/** How values of a type are compared. */
export type Category = 'temporal' | 'quantity' | 'other';

export function categoryOf(type: string): Category {
  return TEMPORAL.has(type) ? 'temporal' : QUANTITIES.has(type) ? 'quantity' : 'other';
}

export function categoryOfItem(item: unknown, type: string): Category {
  return categoryOf(item instanceof TypedNode ? item.type : type);
}

/** FHIRPath's `=` over collections: undefined where it yields the empty collection. */
export function equalCollections(a: Collection, aType: string, b: Collection, bType: string): boolean | undefined {
  if (a === undefined || b === undefined) {
    return undefined;
  }
  if (!Array.isArray(a) && !Array.isArray(b)) {
    return equal(a, aType, b, bType);
  }
  if (count(a) !== count(b)) {
    return false;
  }
  const left = items(a);
  const right = items(b);
  let all: boolean | undefined = true;
  for (let i = 0; i < left.length; i++) {
    const same = equal(left[i], aType, right[i], bType);
    if (same === false) {
      return false;
    }
    all = all && same;
  }
  return all;
}

/** FHIRPath's `=` over two items. */
export function equal(a: unknown, aType: string, b: unknown, bType: string): boolean | undefined {
  const left = a instanceof TypedNode ? a.value : a;
  const right = b instanceof TypedNode ? b.value : b;
  if (left instanceof Absent || right instanceof Absent) {
    return undefined;
  }
  if (left === right) {
    return true;
  }
  if (typeof left === 'string' && typeof right === 'string') {
    if (categoryOfItem(a, aType) === 'temporal' && categoryOfItem(b, bType) === 'temporal') {
      const order = compareTemporal(left, right);
      return order === undefined ? undefined : order === 0;
    }
    return false;
  }
  if (categoryOfItem(a, aType) === 'quantity' && categoryOfItem(b, bType) === 'quantity') {
    const order = compareQuantities(left, right);
    return order === undefined ? deepEqual(left, right) : order === 0;
  }
  return deepEqual(left, right);
}

/** FHIRPath's `~` over two items: strings but for case and blanks, decimals in the precision of the coarser one. */
export function equivalent(a: unknown, aType: string, b: unknown, bType: string): boolean {
  const left = a instanceof TypedNode ? a.value : a;
  const right = b instanceof TypedNode ? b.value : b;
  if (typeof left === 'number' && typeof right === 'number') {
    const places = Math.min(decimalPlaces(left), decimalPlaces(right));
    return Math.round(left * 10 ** places) === Math.round(right * 10 ** places);
  }
  if (typeof left === 'string' && typeof right === 'string' && categoryOfItem(a, aType) !== 'temporal') {
    return folded(left) === folded(right);
  }
  return equal(a, aType, b, bType) === true;
}

function decimalPlaces(value: number): number {
  return String(value).split('.')[1]?.length ?? 0;
}

function folded(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}

/** FHIRPath's order of two items: negative, 0, positive; undefined where they can't be compared. */
export function order(a: unknown, aType: string, b: unknown, bType: string): number | undefined {
  const left = a instanceof TypedNode ? a.value : a;
  const right = b instanceof TypedNode ? b.value : b;
  if (typeof left === 'number' && typeof right === 'number') {
    return left - right;
  }
  if (typeof left === 'string' && typeof right === 'string') {
    const temporal = categoryOfItem(a, aType) === 'temporal' || categoryOfItem(b, bType) === 'temporal';
    return temporal ? compareTemporal(left, right) : left < right ? -1 : left > right ? 1 : 0;
  }
  return compareQuantities(left, right);
}

/** The same for all quantities that are equal: value and unit, in base units where UCUM knows them. */
export function quantityKey(quantity: unknown): string | undefined {
  const parts = quantityParts(quantity);
  if (parts === undefined) {
    return undefined;
  }
  const { value, system, unit } = parts;
  const canonical = system === UCUM ? canonicalUnit(unit) : undefined;
  return canonical ? `${canonical.convert(value)} ${canonical.unit}` : `${value} ${system}|${unit}`;
}

function compareQuantities(a: unknown, b: unknown): number | undefined {
  const left = quantityParts(a);
  const right = quantityParts(b);
  if (left === undefined || right === undefined) {
    return undefined;
  }
  if (left.system === right.system && left.unit === right.unit) {
    return left.value - right.value;
  }
  const from = left.system === UCUM ? canonicalUnit(left.unit) : undefined;
  const to = right.system === UCUM ? canonicalUnit(right.unit) : undefined;
  return from !== undefined && to !== undefined && from.unit === to.unit
    ? from.convert(left.value) - to.convert(right.value)
    : undefined;
}

function quantityParts(quantity: unknown): { value: number; system: string; unit: string } | undefined {
  if (!isObject(quantity) || typeof quantity.value !== 'number' || quantity.comparator !== undefined) {
    return undefined;
  }
  const { value, system, code, unit } = quantity;
  return {
    value,
    system: typeof system === 'string' ? system : '',
    unit: typeof code === 'string' ? code : typeof unit === 'string' ? unit : '',
  };
}

/** The same for all values that are equal as JSON, whatever the order of members. */
export function jsonKey(value: unknown): string {
  if (!isObject(value)) {
    return JSON.stringify(value) ?? '';
  }
  if (Array.isArray(value)) {
    return `[${value.map(jsonKey).join(',')}]`;
  }
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${jsonKey(value[name])}`).join(',')}}`;
}

function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) {
    return false;
  }
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && deepEqual(a[name], b[name]))
  );
}
