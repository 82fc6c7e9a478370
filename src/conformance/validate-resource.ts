import { error, type Issue } from '../model/issue.ts';
import { validateSchema } from '../model/r4/r4.generated.js';
import { isResourceType } from '../model/resource-types.ts';
import { Container } from './container.ts';
import { isObject } from './json.ts';
import { checkProfile } from './profiles/check-profiles.ts';
import type { ProfileLookup } from './profiles/profile.ts';
import { walkResource } from './structure.ts';
import { Walk } from './walk.ts';

export interface ValidationOptions {
  /** Finds the profiles that meta.profile names; without it every profile but R4's own types is unknown (a warning). */
  readonly profiles?: ProfileLookup;
  /** Profiles to check beside those in meta.profile. */
  readonly against?: readonly string[];
}

/**
 * All that is wrong with a resource by R4: structure, cardinalities, primitives, required bindings, types of references,
 * invariants of severity error, identifiers whose system has a rule, and the profiles that it names. One issue a fault,
 * told in words, with the FHIRPath expression of its place; values of the resource are never repeated. Empty means
 * valid; issues of severity warning do not make a resource invalid.
 *
 * Pure. Whether references lead anywhere is not looked at. Takes time linear in the resource, apart from the invariants
 * of definitional resources; what hostile input can do is bounded (depth, number of issues).
 */
export function validateResource(resource: unknown, options: ValidationOptions = {}): Issue[] {
  if (!isObject(resource)) {
    return [error('structure', 'A resource must be a JSON object.')];
  }
  const type = typeof resource.resourceType === 'string' ? resource.resourceType : undefined;
  const walk = new Walk(
    type !== undefined && isResourceType(type) ? type : 'Resource',
    resource,
    new Container(resource),
    options.profiles,
  );
  walkResource(resource, walk);
  if (walk.errors === 0) {
    for (const canonical of options.against ?? []) {
      checkProfile(canonical, undefined, resource, type ?? '', walk);
    }
  }
  // The official JSON schema has the last word: it was made apart from the structure definitions that the walk follows.
  if (walk.errors === 0 && !validateSchema(resource)) {
    walk.fault('structure', 'The resource does not keep to the JSON schema of FHIR R4.');
  }
  return walk.issues();
}
