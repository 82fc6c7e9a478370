import type { Resource } from '@medplum/fhirtypes';
import { type Membership, membership } from '../conformance/binding.ts';
import type { JsonObject } from '../conformance/json.ts';
import type { Profile, ProfileContext, ProfileLookup } from '../conformance/profiles/profile.ts';
import { profileValidator } from '../conformance/profiles/profile-validator.ts';
import { requiredValueSet } from '../model/r4/value-sets.ts';

/**
 * Finds profiles among StructureDefinitions of the store, by `url` or `url|version`; each is made ready when it is first
 * named. One that cannot be made ready is as unknown.
 *
 * @param bound value sets of the store that profiles bind, by the canonical they are bound by
 */
export function profileLookup(definitions: readonly Resource[], bound: ReadonlyMap<string, Membership>): ProfileLookup {
  const valueSet = (canonical: string): Membership | undefined => bound.get(canonical) ?? ofR4(canonical);
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
        ready.set(canonical, made(definition, { profiles: find, valueSet }));
      }
    }
    return ready.get(canonical);
  };
  return find;
}

/** A value set that R4 itself binds as required, of whatever version. */
function ofR4(canonical: string): Membership | undefined {
  const codes = requiredValueSet(canonical.split('|')[0] ?? '');
  return codes && membership(codes);
}

function made(definition: JsonObject, context: ProfileContext): Profile | undefined {
  try {
    return profileValidator(definition, context);
  } catch {
    return undefined;
  }
}
