import type { Coding } from '@medplum/fhirtypes';

/**
 * What a form is evaluated with besides the response. Everything is given: what has to be fetched, the caller fetches
 * first (see wantedQueries) and hands in, so that evaluation stays pure and never waits.
 */
export interface FormData {
  /** now() in FHIRPath, and today() where no zone is given. */
  readonly now: Date;
  /** Whose day today() is, as IANA names it (`Europe/Oslo`); UTC if left out. Late in the evening it matters. */
  readonly timeZone?: string;
  /**
   * Launch context by name (`patient`, `user`, …): a resource, several, or null where there is none. A name that is left
   * out is not known, and expressions that use it fail. Other names that a caller adds are found too.
   */
  readonly launch?: Readonly<Record<string, unknown>>;
  /** The answer to a FHIR query whose placeholders are resolved: a resource, mostly a Bundle; undefined if it is not to be had. */
  readonly queries?: (query: string) => unknown;
  /** The codings of a stored value set, weights as extensions on them; undefined if it is not to be had. */
  readonly valueSets?: (canonical: string) => readonly Coding[] | undefined;
  /** Steps that are left to all expressions that are evaluated with this, together; where left out, each state has its own. */
  readonly work?: { left: number };
}
