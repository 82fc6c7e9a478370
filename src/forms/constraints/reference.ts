import { isResourceType } from '../../model/resource-types.ts';
import { textMember } from '../answers.ts';

/** The resource types that an answer may refer to; undefined where all are permitted. */
export type ReferenceTargets = ReadonlySet<string> | undefined;

export type ReferenceFault =
  | 'invalidRefValue'
  | 'invalidRefResourceType'
  | 'invalidRefResourceTypeRestriction'
  | 'invalidContainedReference';

const RESTFUL = /^(?:https?:\/\/[^\s?#]+\/)?([A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;
const ABSOLUTE = /^(?:https?:\/\/[^\s]+|urn:(?:uuid|oid):[0-9A-Fa-f.-]+)$/;
const CORE_PROFILE = /^http:\/\/hl7\.org\/fhir\/StructureDefinition\/([A-Za-z]+)(?:\|.*)?$/;

/** The type of an own reference `#id` by what the response contains. */
export type ContainedTypes = ReadonlyMap<string, string>;

/**
 * What is wrong with a reference (R4 references.html#literal): it must lead somewhere, to one known type of resource, and
 * to one of those that the form permits. Where its type can not be told from it (a urn, an identifier alone), it passes.
 */
export function referenceFault(
  reference: unknown,
  targets: ReferenceTargets,
  contained: ContainedTypes,
): ReferenceFault | undefined {
  const literal = textMember(reference, 'reference');
  const told = textMember(reference, 'type');
  const type = told === undefined ? undefined : (CORE_PROFILE.exec(told)?.[1] ?? told);
  if (literal === undefined) {
    const identified = typeof reference === 'object' && reference !== null && 'identifier' in reference;
    return identified ? typeFault(undefined, type, targets) : 'invalidRefValue';
  }
  if (literal.startsWith('#')) {
    const own = contained.get(literal.slice(1));
    return own === undefined ? 'invalidContainedReference' : typeFault(own, type, targets);
  }
  const restful = RESTFUL.exec(literal);
  if (restful === null && !ABSOLUTE.test(literal)) {
    return 'invalidRefValue';
  }
  // Only what is below this server, or says so, must be a FHIR resource: another address may be of any kind.
  const named = restful?.[1];
  return named !== undefined && !isResourceType(named) && literal.includes('://')
    ? typeFault(undefined, type, targets)
    : typeFault(named, type, targets);
}

function typeFault(
  named: string | undefined,
  told: string | undefined,
  targets: ReferenceTargets,
): ReferenceFault | undefined {
  for (const type of [named, told]) {
    if (type !== undefined && !isResourceType(type)) {
      return 'invalidRefResourceType';
    }
  }
  if (named !== undefined && told !== undefined && named !== told) {
    return 'invalidRefResourceType';
  }
  const type = named ?? told;
  return type !== undefined && targets !== undefined && !targets.has(type)
    ? 'invalidRefResourceTypeRestriction'
    : undefined;
}

/** The type of resource that a reference leads to; undefined where it does not tell. */
export function typeOfReference(reference: unknown, contained: ContainedTypes): string | undefined {
  const literal = textMember(reference, 'reference') ?? '';
  const named = literal.startsWith('#') ? contained.get(literal.slice(1)) : RESTFUL.exec(literal)?.[1];
  return named ?? textMember(reference, 'type');
}
