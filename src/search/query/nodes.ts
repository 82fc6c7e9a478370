import type { Issue } from '../../model/issue.ts';
import type { ResourceType } from '../../model/resource-types.ts';
import type { Interval } from '../date-interval.ts';
import type { SearchParameterDef } from '../parameters.ts';

export type { Interval };

/** Names and values of a query, decoded, in the order of the request. */
export type Query = readonly (readonly [name: string, value: string])[];

/**
 * What a search asks for, apart from SQL: a small tree of plain values. Keys are those of src/search/keys.ts and start
 * with the resource type, so a node needs no type of its own.
 */
export type Criterion =
  | TokenCriterion
  | RangeCriterion
  | StringCriterion
  | MissingCriterion
  | IdCriterion
  | UpdatedCriterion
  | ChainCriterion
  | HasCriterion
  | ConceptsCriterion
  | ListCriterion
  | NearCriterion
  | TextCriterion
  | { readonly kind: 'not'; readonly of: Criterion }
  | { readonly kind: 'and'; readonly of: readonly Criterion[] }
  | { readonly kind: 'or'; readonly of: readonly Criterion[] };

/** token, reference, uri, composite of equalities: one of the keys is there. An empty list matches nothing. */
export interface TokenCriterion {
  readonly kind: 'token';
  readonly keys: readonly string[];
  /** The keys identify a resource, or belong to one patient: few matches, whatever the size of the database. */
  readonly few: boolean;
}

/** date, number, quantity: one value lies in one of the boxes. */
export interface RangeCriterion {
  readonly kind: 'range';
  readonly boxes: readonly KeyedBox[];
  /** No resource has two values under one key: several criteria are then about the same value. */
  readonly single: boolean;
}

export interface KeyedBox {
  readonly key: string;
  readonly box: Box;
}

/**
 * Bounds, all inclusive, of a row's lo and hi (of composites of two numbers lo is the first and hi the second). Every
 * comparison of R4 §3.1.1.4.5 is one box or the union of two, so that all have the same SQL.
 */
export interface Box {
  readonly loMin: number;
  readonly loMax: number;
  readonly hiMin: number;
  readonly hiMax: number;
}

/** How a searched value compares: R4 §3.1.1.4.5 (eq where none is given). */
export const prefixes = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;
export type Prefix = (typeof prefixes)[number];

/** string, the texts of tokens, uri as text: one value matches one of these. */
export interface StringCriterion {
  readonly kind: 'string';
  /** `whole` and `other`: equal, and unequal, but for case and accents. */
  readonly match: 'prefix' | 'contains' | 'exact' | 'exact-prefix' | 'suffix' | 'whole' | 'other';
  readonly values: readonly StringValue[];
}

export interface StringValue {
  readonly key: string;
  /** As the column `value` holds it (folded; a uri as it is). */
  readonly folded: string;
  /** As it was asked for. */
  readonly exact: string;
}

export interface MissingCriterion {
  readonly kind: 'missing';
  readonly missing: boolean;
  readonly places: readonly { readonly type: ResourceType; readonly ordinal: number }[];
}

export interface IdCriterion {
  readonly kind: 'id';
  readonly ids: readonly string[];
  /** Where only resources of this type are meant: an id may be that of several. */
  readonly type?: ResourceType;
}

/** _lastUpdated lies in one of the intervals. */
export interface UpdatedCriterion {
  readonly kind: 'updated';
  /** Whole milliseconds within int8. */
  readonly intervals: readonly Interval[];
}

/** The resource refers, by a reference kept under `name`, to a resource of one of the types for which `where` holds. */
export interface ChainCriterion {
  readonly kind: 'chain';
  /** `Type.keptAs` of the reference parameter. */
  readonly name: string;
  /** The reference names the patient whose compartment the resource is in. */
  readonly ofPatient: boolean;
  /** The parameter reads canonicals: a target is named by its url. */
  readonly canonical?: boolean;
  readonly targets: readonly { readonly type: ResourceType; readonly where: Criterion }[];
}

/** A resource of type `type` for which `where` holds refers to the resource by a reference kept under `name`. */
export interface HasCriterion {
  readonly kind: 'has';
  readonly type: ResourceType;
  readonly name: string;
  readonly ofPatient: boolean;
  /** The parameter reads canonicals: a target is named by its url. */
  readonly canonical?: boolean;
  /** The types of the resource that is searched for. */
  readonly targets: readonly ResourceType[];
  readonly where: Criterion;
}

/** Codes that terminology knows (:in, :not-in, :above, :below); becomes a TokenCriterion before SQL is made. */
export interface ConceptsCriterion {
  readonly kind: 'concepts';
  readonly relation: 'in' | 'above' | 'below';
  /** `Type.keptAs`, one for each type searched. */
  readonly names: readonly { readonly name: string; readonly impliedSystem: string | undefined }[];
  readonly code: string;
  /** Canonical urls of value sets for `in`; else `system|code`. */
  readonly values: readonly string[];
}

/** A List refers to the resource; becomes an IdCriterion for each type before SQL is made. */
export interface ListCriterion {
  readonly kind: 'list';
  readonly lists: readonly string[];
  readonly types: readonly ResourceType[];
}

/** A position lies in one of the circles. */
export interface NearCriterion {
  readonly kind: 'near';
  readonly key: string;
  readonly circles: readonly Circle[];
}

/** Around a point on earth, in degrees. */
export interface Circle {
  readonly latitude: number;
  readonly longitude: number;
  /** The haversine of the radius: what two points' haversine is compared with. */
  readonly haversine: number;
  /** Positions outside of these (lo the latitude, hi the longitude) are outside of the circle. */
  readonly boxes: readonly Box[];
}

/** Words stand in the narrative, or anywhere in the resource. Found by reading contents only. */
export interface TextCriterion {
  readonly kind: 'text';
  readonly of: 'narrative' | 'content';
  readonly test: TextTest;
}

export type TextTest =
  /** Folded words with a blank between them and around; without the last blank, the last word may go on. */
  | { readonly kind: 'words'; readonly words: string }
  | { readonly kind: 'not'; readonly of: TextTest }
  | { readonly kind: 'and' | 'or'; readonly of: readonly TextTest[] };

export interface SortKey {
  readonly descending: boolean;
  readonly by:
    | { readonly kind: 'updated' }
    | { readonly kind: 'id' }
    /** @param leading the column resource.date holds the same value */
    | { readonly kind: 'range'; readonly key: string; readonly leading: boolean }
    | { readonly kind: 'string'; readonly key: string }
    /** token, reference, uri: their postings have no order, the text is read from the content */
    | { readonly kind: 'content'; readonly param: SearchParameterDef };
}

export interface Include {
  readonly reverse: boolean;
  readonly iterate: boolean;
  /** The type that holds the reference; `*` stands for every type. */
  readonly source: ResourceType | '*';
  /** `Type.keptAs` of the reference parameters, for each their targets; empty stands for every reference there is. */
  readonly params: readonly IncludeParam[];
  readonly wildcard: boolean;
  readonly target?: ResourceType;
}

export interface IncludeParam {
  readonly type: ResourceType;
  readonly code: string;
  readonly name: string;
  readonly targets: readonly ResourceType[];
}

export interface SearchRequest {
  /** Empty: every type. */
  readonly types: readonly ResourceType[];
  /** All must hold. */
  readonly where: readonly Criterion[];
  readonly sort: readonly SortKey[];
  readonly count: number;
  readonly offset: number;
  readonly page: string | undefined;
  readonly total: 'none' | 'estimate' | 'accurate';
  readonly includes: readonly Include[];
  /** What was understood, as it was asked for: the self link's parameters. */
  readonly used: Query;
  readonly notices: readonly Issue[];
}
