import type { ResourceType } from '../resource-types.ts';

/** What R4 says about one search parameter of one type, in the form that r4.generated.js holds. */
export interface SearchParameterData {
  /** `Resource`: every type has it. */
  readonly type: ResourceType | 'Resource';
  readonly code: string;
  readonly url: string;
  readonly kind: 'number' | 'date' | 'string' | 'token' | 'reference' | 'composite' | 'quantity' | 'uri' | 'special';
  /** FHIRPath, only the part that concerns `type`. */
  readonly expression: string;
  /** The parameter of this type that reads the same element, where it is another. */
  readonly keptAs?: string;
  /** The reference target to which the parameter limits what it finds under `keptAs`. */
  readonly only?: ResourceType;
  /** Reference targets; `*` stands for every type. */
  readonly targets?: readonly ResourceType[] | '*';
  readonly impliedSystem?: string;
  readonly components?: readonly { readonly code: string; readonly expression: string }[];
  /** Those of `Resource` come first, then the type's own, both alphabetically. R4 is frozen, so they stay. */
  readonly ordinal: number;
}
