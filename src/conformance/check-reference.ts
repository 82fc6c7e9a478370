import { isResourceType } from '../model/resource-types.ts';
import type { Container } from './container.ts';
import type { JsonObject } from './json.ts';
import type { Walk } from './walk.ts';

const RELATIVE = /^([A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;
const ABSOLUTE = /^https?:\/\/.*\/([A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/;
const CONDITIONAL = /^([A-Za-z]+)\?./;

/**
 * ref-1, and whether a reference is to one of the types that the element allows, as far as it tells its target's type.
 * That the target exists is not looked at here.
 *
 * @param targets names of resource types; undefined means any
 */
export function checkReference(reference: JsonObject, targets: readonly string[] | undefined, walk: Walk): void {
  const literal = typeof reference.reference === 'string' ? reference.reference : undefined;
  const said = typeof reference.type === 'string' ? reference.type : undefined;
  if (literal?.startsWith('#') && !walk.container.holds(literal)) {
    walk.fault('invariant', 'A local reference must name a contained resource by its id (ref-1).', 'reference');
    return;
  }
  if (literal !== undefined && !literal.startsWith('#') && !SCHEME.test(literal)) {
    const type = (RELATIVE.exec(literal) ?? CONDITIONAL.exec(literal))?.[1];
    if (type === undefined) {
      walk.fault('value', 'A reference must be Type/id, an absolute URL, a URN, or # and an id.', 'reference');
      return;
    }
    if (!isResourceType(type)) {
      walk.fault('value', 'A relative reference must start with a resource type of FHIR R4.', 'reference');
      return;
    }
  }
  const type = referenceType(reference, walk.container);
  if (said !== undefined && type !== undefined && isResourceType(said) && said !== type) {
    walk.fault('value', 'The type of a reference must be that of the resource referred to.', 'type');
  } else if (targets !== undefined && type !== undefined && !targets.includes(type)) {
    walk.fault('value', `A reference to ${type} is not allowed here, only to ${targets.join(', ')}.`);
  }
}

/** The type of what a reference refers to, as far as the reference itself tells, or a contained resource. */
export function referenceType(reference: JsonObject, container: Container): string | undefined {
  const literal = typeof reference.reference === 'string' ? reference.reference : '';
  const type = literal.startsWith('#')
    ? container.contained.get(literal.slice(1))?.resourceType
    : (RELATIVE.exec(literal) ?? CONDITIONAL.exec(literal) ?? ABSOLUTE.exec(literal))?.[1];
  const told = typeof type === 'string' && isResourceType(type) ? type : reference.type;
  return typeof told === 'string' && isResourceType(told) ? told : undefined;
}
