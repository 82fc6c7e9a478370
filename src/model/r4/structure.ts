/**
 * What R4 says about one type: a resource, a data type, a primitive, or a backbone element. Backbone elements are types
 * of their own, named by their path (`Patient.contact`); an element that refers to another's content
 * (`Questionnaire.item.item`) has that other's type.
 */
export interface Structure {
  readonly name: string;
  readonly kind: 'primitive' | 'complex' | 'backbone' | 'resource';
  readonly abstract?: true;
  /** The type that this one specialises; its elements and invariants hold here too. Absent for Element and Resource. */
  readonly base?: string;
  /** Only what the base does not have, in the order of the definition. */
  readonly elements: readonly StructureElement[];
  /** Of severity error; only what the base does not have. ele-1 and ext-1, which hold everywhere, are left out. */
  readonly invariants?: readonly Invariant[];
}

export interface StructureElement {
  /** Without `[x]`: `value` for `value[x]`. In JSON a choice is named `value` + the type, first letter in upper case. */
  readonly name: string;
  readonly min: number;
  /** Absent: 1. */
  readonly max?: '*' | 0;
  readonly choice?: true;
  /** Part of the view that `_summary=true` asks for. */
  readonly summary?: true;
  readonly types: readonly ElementType[];
  /** Canonical, without version, of the value set that codes must be from. */
  readonly required?: string;
  /** Invariants that concern this element and are not those of its type. */
  readonly invariants?: readonly Invariant[];
}

export interface ElementType {
  /** Name of a Structure; `Resource` where any resource may stand. */
  readonly type: string;
  /** For Reference: names of the resource types that may be referred to; absent means any. */
  readonly targets?: readonly string[];
  /** The structure that constrains the type here: SimpleQuantity is the only one in R4. */
  readonly profile?: string;
}

export interface Invariant {
  /** `que-2`; not unique over all of R4. */
  readonly key: string;
  /** FHIRPath; true means valid. Evaluated on each occurrence of the element. */
  readonly expression: string;
  /** What the invariant demands, in the words of the specification. */
  readonly human: string;
}
