import type { ResourceType } from '../model/resource-types.ts';

export type SearchKind =
  | 'number'
  | 'date'
  | 'string'
  | 'token'
  | 'reference'
  | 'composite'
  | 'quantity'
  | 'uri'
  | 'special';

/** One search parameter of one resource type, ready for use. */
export interface SearchParameterDef {
  readonly type: ResourceType;
  readonly code: string;
  readonly url: string;
  readonly kind: SearchKind;
  /** FHIRPath, only the part that concerns `type`. */
  readonly expression: string;
  /**
   * The code under which values are kept: differs from `code` where another parameter of the type reads the same
   * element, as `patient` reads that of `subject`; then `only` says which reference target the alias is limited to.
   */
  readonly keptAs: string;
  readonly only?: ResourceType;
  /** Reference targets; empty for other kinds. */
  readonly targets: readonly ResourceType[];
  /** For token parameters over elements of type `code`: the system that the code implies, where the binding tells one. */
  readonly impliedSystem?: string;
  readonly components?: readonly { readonly param: SearchParameterDef; readonly expression: string }[];
  /**
   * Codes of parameters that together find what this one finds, as `code` and `component-code` do for `combo-code`: it
   * keeps no values of its own.
   */
  readonly unionOf?: readonly string[];
  /** Position among the type's parameters; stable for ever. */
  readonly ordinal: number;
  /** False while rows for it are still being made: not searchable yet. */
  readonly complete: boolean;
}

/** R4's Patient.age: it keeps no values, birthdate and deceased find what it finds. */
export const AGE_URL = 'http://hl7.org/fhir/SearchParameter/patient-extensions-Patient-age';

export interface SearchParameters {
  /** Undefined: the type has no such parameter. `_profile`, `_tag`, `_security`, `_source` are ordinary parameters here. */
  get(type: string, code: string): SearchParameterDef | undefined;
  list(type: string): readonly SearchParameterDef[];
  /** Whether words of a type's resources may be searched for: `_content` and `_text`. */
  hasWords(type: string): boolean;
}
