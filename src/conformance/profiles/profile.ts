import type { Membership } from '../binding.ts';
import type { JsonObject } from '../json.ts';
import type { Walk } from '../walk.ts';
import type { Constraint } from './constraint.ts';

/** A profile made ready: tells the walk each fault of a value against it. The walk stands at the value. */
export interface Profile {
  readonly url: string;
  /** The type that it constrains: a resource type, a data type, Extension. */
  readonly type: string;
  /** What it says of the value itself and of all below it; the profile that it is derived from is asked apart. */
  readonly constraint: Constraint;
  /** Of an extension: where it may stand; empty if its definition does not say. */
  readonly contexts: readonly ExtensionContext[];
  /** Of an extension: whether it changes the meaning of what it stands in. */
  readonly modifier: boolean;
  check(value: JsonObject, walk: Walk): void;
}

/** One of StructureDefinition.context. */
export interface ExtensionContext {
  readonly type: string;
  readonly expression: string;
}

/** Finds a profile by its canonical (`url` or `url|version`); undefined if it is not known. */
export type ProfileLookup = (canonical: string) => Profile | undefined;

/** What a profile needs from outside to be checked. */
export interface ProfileContext {
  /** The profiles of extensions and data types, and those that others are derived from. */
  readonly profiles: ProfileLookup;
  /** The codes of a value set by its canonical; undefined: not known here, and so not checked. */
  readonly valueSet: (canonical: string) => Membership | undefined;
}
