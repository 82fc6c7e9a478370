/** What one search may ask for and cost. */
export interface SearchLimits {
  /** Resources a page, matches only. */
  readonly count_max: number;
  /** The most that may be asked for: up to here a page is shortened to count_max, beyond it the request is a mistake. */
  readonly count_asked_max: number;
  readonly count_default: number;
  readonly offset_max: number;
  /** Alternatives (separated by commas) of one parameter. */
  readonly values_max: number;
  /** Parameters of one query. */
  readonly parameters_max: number;
  /** Keys of one _sort. */
  readonly sort_max: number;
  /** Links of a chain or of nested _has. */
  readonly chain_max: number;
  /** Resource types that the chains of a query are tried on, one for each type at each link: chains that name no type branch. */
  readonly chain_types_max: number;
  /** Resources that _include and _revinclude add to a page. */
  readonly includes_max: number;
  /** Rounds of :iterate. */
  readonly iterate_max: number;
  /** Matches that are collected and sorted; of a larger set, the sort order's own index is walked. */
  readonly collect_max: number;
  /** So few resources in a caller's reach are gone through without asking whether another way is shorter. */
  readonly reach_few: number;
  /** Matches whose contents are read to sort by what no index has an order for; more are refused. */
  readonly content_sort_max: number;
  /**
   * With fewer common matches than this in a sample of one criterion's, they are collected however many the criterion
   * matches: a walk would test most resources before a page is full.
   */
  readonly joint_min: number;
}

export const searchLimits: SearchLimits = {
  count_max: 1000,
  count_asked_max: 10_000,
  count_default: 20,
  offset_max: 10_000,
  values_max: 1000,
  parameters_max: 100,
  sort_max: 8,
  chain_max: 4,
  chain_types_max: 1000,
  includes_max: 1000,
  iterate_max: 4,
  collect_max: 5000,
  reach_few: 200,
  content_sort_max: 5000,
  joint_min: 100,
};
