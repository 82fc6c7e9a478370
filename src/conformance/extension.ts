import type { JsonObject } from './json.ts';
import type { Walk } from './walk.ts';

/** ext-1 (an extension has a value or extensions, not both), and its own definition, if that is known. */
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
    profile.check(extension, walk);
  }
}
