import type { StoredVersion } from './stored.ts';

/**
 * Notes what a request was shown, so that it can be audited before the answer leaves. Interactions tell it of every
 * stored version whose content they give to the caller; the REST face, what was asked and how it ended.
 */
export interface Witness {
  /** What was asked, once that is understood. */
  readonly asked: Asked | undefined;
  saw(versions: Iterable<StoredVersion>): void;
  /** The witness of a request, or of an entry of a batch, that ends on its own. */
  part(asked: Asked): Witness;
  /** @param status HTTP's */
  concluded(status: number): void;
}

export interface Asked {
  /** FHIR's code of the interaction (http://hl7.org/fhir/restful-interaction), or `operation`. */
  readonly interaction: string;
  /** The operation's code, where it is one that the server has. */
  readonly operation?: string;
  /** The resource type in the request's path. */
  readonly type?: string;
}
