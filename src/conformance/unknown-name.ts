import { resourceTypes } from '../model/resource-types.ts';
import { closest } from './suggestion.ts';
import type { TypeTable } from './type-table.ts';
import type { Walk } from './walk.ts';

/** What to say about a resourceType that is none. */
export function resourceTypeFault(type: unknown): string {
  const near = typeof type === 'string' ? closest(type, resourceTypes) : undefined;
  return type === undefined
    ? 'A resource must say its resourceType.'
    : `FHIR R4 has no such resource type${near === undefined ? '.' : `; did you mean ${near}?`}`;
}

/** A member of an object that its type does not have. */
export function unknownMember(name: string, table: TypeTable, walk: Walk): void {
  // A name that no element could have may be anything, a person's name too: it is not repeated.
  if (!/^_?[A-Za-z][A-Za-z0-9]{0,63}$/.test(name)) {
    walk.fault('structure', `${table.name} has a member whose name is not the name of an element.`);
    return;
  }
  const near = closest(name, table.members.keys());
  walk.fault(
    'structure',
    `${table.name} has no element ${name}${near === undefined ? '.' : `; did you mean ${near}?`}`,
    name,
  );
}
