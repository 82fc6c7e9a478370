import type { JsonObject } from '../json.ts';
import type { Walk } from '../walk.ts';

/** A profile made ready: tells the walk each fault of a resource against it. The walk stands at the resource. */
export interface Profile {
  readonly url: string;
  /** The type that it constrains. */
  readonly type: string;
  check(resource: JsonObject, walk: Walk): void;
}

/** Finds a profile by its canonical (`url` or `url|version`); undefined if it is not known. */
export type ProfileLookup = (canonical: string) => Profile | undefined;
