import type { IndexRows } from './index-rows.ts';
import type { Rid } from './rid.ts';

/**
 * What one may do to a resource. `read` is by id (vread and the history of a resource too), `search` is to find it (the
 * history of a type or of the system too): SMART App Launch 2.2 tells the two apart.
 */
export type Act = 'read' | 'search' | 'create' | 'update' | 'delete';

/**
 * What a caller may do, as data. A caller may do something to a resource if one of the rules allows it; without a rule,
 * nothing (fail closed). `src/access/predicate.ts` makes SQL of it.
 */
export interface Access {
  /** Tells one access from every other: equal keys, equal rules. Page tokens are bound to it. */
  readonly key: string;
  readonly rules: readonly Rule[];
}

/** All parts of a rule must hold. */
export interface Rule {
  readonly types: readonly string[];
  readonly acts: readonly Act[];
  /** Only resources that are tied to one of these; undefined: whatever they are tied to. */
  readonly ties?: Ties;
  /** Only what is in this patient's compartment, the Patient itself included. */
  readonly patient?: Rid;
  /** Only resources that meet all of these: SMART's granular scopes, and what a policy says about a type. */
  readonly where?: readonly RowCondition[];
  /** Only these changes (create, update, delete), judged by what was there before and what will be there after. */
  readonly when?: (change: ChangeToJudge) => boolean;
}

/**
 * What resources are reached. A resource's *anchor* is its course (EpisodeOfCare or ServiceRequest), its hospital where
 * it belongs to no course, or its patient. Ties say to whom an anchor belongs, as texts such as `Organization/x`.
 */
export interface Ties {
  readonly labels: readonly string[];
  /** Anchors themselves: the Organizations of the caller's hospital. */
  readonly anchors: readonly Rid[];
}

/** A condition on single resources. */
export interface RowCondition {
  /** Tells it from others: a search criterion such as `category=survey`. */
  readonly key: string;
  /** SQL that is true where it holds for a current resource. @param resource alias of its row */
  sql(resource: string, bind: Bind): string;
  /** Whether it holds for a resource with these index rows. */
  holds(type: string, rows: IndexRows): boolean;
}

export interface ChangeToJudge {
  readonly act: 'create' | 'update' | 'delete';
  readonly before: unknown;
  readonly after: unknown;
}

/** Gives a value to a statement. @param type its PostgreSQL type @returns its placeholder */
export type Bind = (value: unknown, type: string) => string;
