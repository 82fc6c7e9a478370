import type { StoredVersion } from './stored.ts';

/**
 * Notes what a request was shown, so that it can be audited before the answer leaves. Interactions tell it of every
 * stored version whose content they give to the caller; the REST face, how each request ended.
 */
export interface Witness {
  saw(versions: Iterable<StoredVersion>): void;
  /** A witness of a part of the request that ends on its own: an entry of a batch. */
  part(): Witness;
  concluded(conclusion: Conclusion): void;
}

/** How a request, or an entry of a batch, ended. */
export interface Conclusion {
  /** FHIR's code of the interaction (http://hl7.org/fhir/restful-interaction), or `operation`. */
  readonly interaction: string;
  /** The operation's code, where it is one that the server has. */
  readonly operation?: string;
  /** The resource type in the request's path. */
  readonly type?: string;
  /** HTTP's status. */
  readonly status: number;
}
