import { isObject, type JsonObject, objectsOf } from './json.ts';
import type { Walk } from './walk.ts';

/**
 * A resource that stands by itself, with the resources contained in it, and the local references (`#id`) seen so far.
 * Tells whether dom-2 to dom-5 and ref-1 hold.
 */
export class Container {
  readonly resource: JsonObject;
  readonly contained: ReadonlyMap<string, JsonObject>;
  readonly #referred = new Set<string>();
  readonly #list: readonly JsonObject[];
  /** Contained resources that refer to the resource they are contained in. */
  readonly #upward = new Set<JsonObject>();

  constructor(resource: JsonObject) {
    this.resource = resource;
    this.#list = resource.contained === undefined ? [] : objectsOf(resource.contained);
    this.contained = new Map(
      this.#list.flatMap((each) => (typeof each.id === 'string' ? [[each.id, each] as const] : [])),
    );
  }

  /** A reference, uri, url or canonical that starts with `#` was seen inside `from`. */
  sees(reference: string, from: JsonObject): void {
    if (reference === '#') {
      this.#upward.add(from);
    } else {
      this.#referred.add(reference.slice(1));
    }
  }

  /** ref-1. `#` alone is the container, as seen from a contained resource. */
  holds(reference: string): boolean {
    return reference === '#' || this.contained.has(reference.slice(1));
  }

  /** dom-2 to dom-5, and that ids are unique (R4 references, contained); to be called with the walk at the container, after all of it has been walked. */
  check(walk: Walk): void {
    if (this.#list.length === 0) {
      return;
    }
    const ids = new Set<unknown>();
    this.#list.forEach((contained, index) => {
      walk.path.enter('contained', index);
      if (contained.contained !== undefined) {
        walk.fault('invariant', 'A contained resource may not contain resources (dom-2).', 'contained');
      }
      if (contained.id !== undefined && ids.has(contained.id)) {
        walk.fault('invariant', 'No two contained resources may have the same id.', 'id');
      }
      ids.add(contained.id);
      if (!(typeof contained.id === 'string' && this.#referred.has(contained.id)) && !this.#upward.has(contained)) {
        walk.fault(
          'invariant',
          'A contained resource must be referred to by its id, or refer to the resource that contains it (dom-3).',
        );
      }
      const meta = isObject(contained.meta) ? contained.meta : {};
      if (meta.versionId !== undefined || meta.lastUpdated !== undefined) {
        walk.fault('invariant', 'A contained resource has no version and no time of update (dom-4).', 'meta');
      }
      if (meta.security !== undefined) {
        walk.fault('invariant', 'A contained resource has no security labels (dom-5).', 'meta.security');
      }
      walk.path.leave();
    });
  }
}
