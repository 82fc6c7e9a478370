import type { Keep } from '../model/json/selection.ts';

/** What R4 says about which elements a shortened view of a resource type holds. */
export interface ViewElements {
  /** The elements marked as summary, mandatory ones included, at every level. */
  summary(type: string): Keep;
  /** JSON names of the top-level elements that a shortened view must not leave out: mandatory ones and modifiers. */
  always(type: string): ReadonlySet<string>;
}
