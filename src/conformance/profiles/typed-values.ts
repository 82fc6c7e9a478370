import type { StructureElement } from '../../model/r4/structure.ts';
import { elementsOf, jsonName } from '../../model/r4/structures.ts';
import { isObject } from '../json.ts';
import type { TypedValue } from './constraint.ts';

/**
 * The values of an element of an object, each with its type.
 *
 * @param name as in a definition: `name`, `value[x]`, or `valueQuantity` for values of one type of a choice
 */
export function valuesOf(object: unknown, type: string, name: string): TypedValue[] {
  if (!isObject(object)) {
    return [];
  }
  const actual = type === 'Resource' || type === 'DomainResource' ? String(object.resourceType) : type;
  for (const element of elementsOf(actual)) {
    for (const each of element.types) {
      const json = jsonName(element, each.type);
      if (json !== name && !(element.name === name.replace('[x]', ''))) {
        continue;
      }
      // A primitive with nothing but extensions is there too, without a value.
      const beside = object[`_${json}`];
      const value = object[json] ?? (beside === undefined ? undefined : placeholder(element, beside));
      if (value !== undefined) {
        return Array.isArray(value)
          ? value.map((item, index) => ({
              value: item,
              type: typeOf(each.type, item),
              index,
              element: Array.isArray(beside) ? beside[index] : undefined,
            }))
          : [{ value, type: typeOf(each.type, value), index: -1, element: beside }];
      }
    }
  }
  return [];
}

/** The name of an element in FHIRPath: `value` for `value[x]` and for `valueQuantity`. */
export function plainName(type: string, name: string): string {
  const plain = name.replace('[x]', '');
  const choice = elementsOf(type).find((element) =>
    element.types.some((each) => jsonName(element, each.type) === plain),
  );
  return choice?.name ?? plain;
}

function placeholder(element: StructureElement, shadow: unknown): unknown {
  return element.max === '*' && Array.isArray(shadow) ? shadow.map(() => null) : null;
}

function typeOf(type: string, value: unknown): string {
  return type === 'Resource' && isObject(value) ? String(value.resourceType) : type;
}
