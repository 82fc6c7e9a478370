/**
 * What a resource is found by: the search room derives it from the resource, the store keeps it beside the resource.
 *
 * Every row is found by a *key*, a string that starts with `Type.code` of the search parameter; the database holds its
 * 64-bit hash (`hashtextextended(key, seed)`, the same function here and in SQL). The forms of the keys are declared in
 * src/search/keys.ts, the only place that writes or reads them.
 */
export interface IndexRows {
  /** token, reference, uri and composite values: equality only. Without duplicates. */
  readonly tokens: readonly string[];
  /** date (ms since 1970 UTC), number and quantity values as closed intervals of doubles. */
  readonly ranges: readonly RangeRow[];
  readonly strings: readonly StringRow[];
  /** Ordinals (per resource type, see SearchParameters.ordinal) of the parameters that have a value here; for :missing. */
  readonly present: readonly number[];
  /** The type's leading clinical date, ms since 1970 UTC, if it has one (QuestionnaireResponse.authored …). */
  readonly date: number | undefined;
}

export interface RangeRow {
  readonly key: string;
  readonly lo: number;
  readonly hi: number;
}

export interface StringRow {
  readonly key: string;
  /** Folded: case and combining accents removed, whitespace collapsed. */
  readonly value: string;
  /** As it stands in the resource, for :exact. */
  readonly exact: string;
}
