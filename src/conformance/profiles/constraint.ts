import type { CompiledInvariant } from '../invariants/compiled.ts';

/** What a profile says of one element, or of one slice of it; made from an ElementDefinition and those below it. */
export interface Constraint {
  /** As in the definition: `name`, `value[x]`, or `valueQuantity` for one type of a choice. */
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Undefined: as in the base. */
  readonly types: readonly ConstrainedType[] | undefined;
  readonly fixed: unknown;
  readonly pattern: unknown;
  readonly maxLength: number | undefined;
  /** minValue[x] and maxValue[x], where they say a value (of dates they may also say an age, which is not looked at). */
  readonly least: Bound | undefined;
  readonly most: Bound | undefined;
  /** Canonical of a value set with required binding. */
  readonly required: string | undefined;
  /** Its own, beside those of R4, for values of a type. */
  readonly invariantsFor: (type: string) => readonly CompiledInvariant[];
  readonly children: readonly Constraint[];
  readonly slicing: Slicing | undefined;
  readonly slices: readonly Slice[];
}

export interface ConstrainedType {
  readonly type: string;
  /** Canonicals; a value keeps to one of them. */
  readonly profiles: readonly string[];
  /** Canonicals of what a Reference may refer to. */
  readonly targets: readonly string[];
}

export interface Bound {
  readonly type: string;
  readonly value: unknown;
}

export interface Slice {
  readonly name: string;
  readonly constraint: Constraint;
}

export interface Slicing {
  readonly discriminators: readonly { readonly type: string; readonly path: string }[];
  readonly rules: 'open' | 'closed' | 'openAtEnd';
  readonly ordered: boolean;
}

/** A value with its type: members of a choice have theirs in their name. */
export interface TypedValue {
  readonly value: unknown;
  readonly type: string;
  /** Of a primitive: its id and extensions (`_birthDate`). */
  readonly element?: unknown;
  /** Place in its list, -1 where the element does not repeat. */
  readonly index: number;
}
