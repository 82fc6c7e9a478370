import type { Resource } from '@medplum/fhirtypes';
import { type Membership, membership } from '../conformance/binding.ts';
import type { JsonObject } from '../conformance/json.ts';
import type { Profile, ProfileLookup } from '../conformance/profiles/profile.ts';
import { profileValidator } from '../conformance/profiles/profile-validator.ts';
import { requiredValueSet } from '../model/r4/value-sets.ts';

/**
 * Finds profiles among StructureDefinitions of the store, by `url` or `url|version`; each is made ready when it is first
 * named. One that cannot be made ready is as unknown.
 */
export function profileLookup(definitions: readonly Resource[]): ProfileLookup {
  const byCanonical = new Map<string, JsonObject>();
  for (const definition of definitions as unknown as readonly (JsonObject & { url?: string; version?: string })[]) {
    if (definition.url !== undefined) {
      byCanonical.set(definition.url, definition);
      byCanonical.set(`${definition.url}|${definition.version ?? ''}`, definition);
    }
  }
  const ready = new Map<string, Profile | undefined>();
  const find: ProfileLookup = (canonical) => {
    if (!ready.has(canonical)) {
      const definition = byCanonical.get(canonical);
      ready.set(canonical, undefined);
      if (definition !== undefined) {
        ready.set(canonical, made(definition, find));
      }
    }
    return ready.get(canonical);
  };
  return find;
}

/** The value sets that R4 itself binds as required; others are not known here. */
function valueSet(canonical: string): Membership | undefined {
  const codes = requiredValueSet(canonical.split('|')[0] ?? '');
  return codes && membership(codes);
}

function made(definition: JsonObject, profiles: ProfileLookup): Profile | undefined {
  try {
    return profileValidator(definition, { profiles, valueSet });
  } catch {
    return undefined;
  }
}
