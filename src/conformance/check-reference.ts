import { isResourceType } from '../model/resource-types.ts';
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
  let type: string | undefined;
  if (literal?.startsWith('#')) {
    if (!walk.container.holds(literal)) {
      walk.fault('invariant', 'A local reference must name a contained resource by its id (ref-1).', 'reference');
      return;
    }
    const target = walk.container.contained.get(literal.slice(1))?.resourceType;
    type = typeof target === 'string' ? target : undefined;
  } else if (literal !== undefined) {
    const relative = RELATIVE.exec(literal) ?? CONDITIONAL.exec(literal);
    if (relative === null && !SCHEME.test(literal)) {
      walk.fault('value', 'A reference must be Type/id, an absolute URL, a URN, or # and an id.', 'reference');
      return;
    }
    type = (relative ?? ABSOLUTE.exec(literal))?.[1];
    if (relative !== null && !isResourceType(type ?? '')) {
      walk.fault('value', 'A relative reference must start with a resource type of FHIR R4.', 'reference');
      return;
    }
  }
  if (type !== undefined && said !== undefined && isResourceType(said) && isResourceType(type) && said !== type) {
    walk.fault('value', 'The type of a reference must be that of the resource referred to.', 'type');
    return;
  }
  const known = type !== undefined && isResourceType(type) ? type : said;
  if (targets !== undefined && known !== undefined && isResourceType(known) && !targets.includes(known)) {
    walk.fault('value', `A reference to ${known} is not allowed here, only to ${targets.join(', ')}.`);
  }
}
