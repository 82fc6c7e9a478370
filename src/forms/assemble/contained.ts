import type { Resource } from '@medplum/fhirtypes';

/**
 * Takes the resources that a module contains into those of the whole form. One that is there already, word for word, is
 * shared; one whose id is taken by another gets a new id.
 *
 * @returns the new ids of those that had to be renamed
 */
export function takeContained(whole: Resource[], more: readonly Resource[]): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  for (const resource of more) {
    const { id = '' } = resource;
    const same = whole.find((each) => each.id === id);
    if (same === undefined) {
      whole.push(resource);
    } else if (JSON.stringify(same) !== JSON.stringify(resource)) {
      let n = 2;
      while (whole.some((each) => each.id === `${id}-${n}`)) n += 1;
      renamed.set(id, `${id}-${n}`);
      whole.push({ ...resource, id: `${id}-${n}` });
    }
  }
  return renamed;
}

/** A copy in which every reference to a contained resource (`#id`) follows its new id. */
export function withNewIds<T>(value: T, renamed: ReadonlyMap<string, string>): T {
  if (renamed.size === 0) return value;
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) => {
    const id = typeof inner === 'string' && inner.startsWith('#') ? renamed.get(inner.slice(1)) : undefined;
    return id === undefined ? inner : `#${id}`;
  });
}
