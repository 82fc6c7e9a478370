import type { Resource } from '@medplum/fhirtypes';
import type { JsonObject } from '../conformance/json.ts';
import type { Profile, ProfileLookup } from '../conformance/profiles/profile.ts';
import { profileValidator } from '../conformance/profiles/profile-validator.ts';

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

function made(definition: JsonObject, profiles: ProfileLookup): Profile | undefined {
  try {
    return profileValidator(definition, { profiles, valueSet: () => undefined });
  } catch {
    return undefined;
  }
}
