import { structures } from '../../model/r4/structures.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Walk } from '../walk.ts';

const DEFINITION = 'http://hl7.org/fhir/StructureDefinition/';

/** A resource against the profiles that its meta.profile names. One that is not known is a warning. */
export function checkProfiles(resource: JsonObject, type: string, walk: Walk): void {
  const meta = resource.meta;
  const named = isObject(meta) && Array.isArray(meta.profile) ? meta.profile : [];
  named.forEach((canonical, index) => {
    if (typeof canonical === 'string') {
      checkProfile(canonical, `meta.profile[${index}]`, resource, type, walk);
    }
  });
}

/** @param member where the profile is named, for faults of the name itself */
export function checkProfile(
  canonical: string,
  member: string | undefined,
  resource: JsonObject,
  type: string,
  walk: Walk,
): void {
  const profile = walk.profiles?.(canonical);
  if (profile !== undefined) {
    if (profile.type === type) {
      profile.check(resource, walk);
    } else {
      walk.fault('value', `The profile ${profile.url} is for ${profile.type}.`, member);
    }
    return;
  }
  const base = canonical.split('|')[0]?.replace(DEFINITION, '') ?? '';
  if (structures().get(base)?.kind === 'resource') {
    if (base !== type) {
      walk.fault('value', `The profile ${canonical} is for ${base}.`, member);
    }
    return;
  }
  walk.unknownProfile(canonical, member);
}
