import type { Coding } from '@medplum/fhirtypes';

/**
 * What a form is evaluated with besides the response. Everything is given: what has to be fetched, the caller fetches
 * first (see wantedQueries) and hands in, so that evaluation stays pure and never waits.
 */
export interface FormData {
  /** today() and now() in FHIRPath; UTC. */
  readonly now: Date;
  /** Launch context by name (`patient`, `user`, …): a resource, or several. Other names that a caller adds are found too. */
  readonly launch?: Readonly<Record<string, unknown>>;
  /** The answer to a FHIR query whose placeholders are resolved: a resource, mostly a Bundle; undefined if it is not to be had. */
  readonly queries?: (query: string) => unknown;
  /** The codings of a stored value set, weights as extensions on them; undefined if it is not to be had. */
  readonly valueSets?: (canonical: string) => readonly Coding[] | undefined;
}
