import { mayStandHere } from './extension-context.ts';
import type { JsonObject } from './json.ts';
import type { Walk } from './walk.ts';

/**
 * R4's own extensions are used outside their contexts by R4's own resources (structuredefinition-fmm on every
 * OperationDefinition): theirs are not held against anyone.
 */
const CORE = 'http://hl7.org/fhir/StructureDefinition/';

/**
 * ext-1 (an extension has a value or extensions, not both), and its own definition, if that is known: where it may stand,
 * whether it modifies, what it holds.
 */
export function checkExtension(extension: JsonObject, walk: Walk): void {
  let value = false;
  for (const name in extension) {
    value ||= name.startsWith('value') || name.startsWith('_value');
  }
  if (value === (extension.extension !== undefined)) {
    walk.fault('invariant', 'An extension must have either a value or extensions (ext-1).');
    return;
  }
  const profile = typeof extension.url === 'string' ? walk.profiles?.(extension.url) : undefined;
  if (profile?.type === 'Extension') {
    if (!profile.url.startsWith(CORE) && !mayStandHere(profile.contexts, walk)) {
      walk.fault('extension', `The extension ${profile.url} is not defined for this element.`);
      return;
    }
    const name = profile.modifier ? 'modifierExtension' : 'extension';
    if (walk.path.nameAt(walk.path.depth) !== name) {
      walk.fault('extension', `The extension ${profile.url} must be given as ${name}.`);
      return;
    }
    profile.check(extension, walk);
  }
}
