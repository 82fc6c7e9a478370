/**
 * Why somebody who came back from an identity provider is not let in. `detail` is for the operator's log; it holds nothing
 * of the person and no token. What the person reads is in src/identity/upstream/words.ts.
 */
export class UpstreamRefused extends Error {
  override readonly name = 'UpstreamRefused';
  readonly reason: RefusalReason;
  readonly detail: string;

  constructor(reason: RefusalReason, detail: string) {
    super(`${reason}: ${detail}`);
    this.reason = reason;
    this.detail = detail;
  }
}

/**
 * `unavailable` the provider did not answer, or not as it should; `cancelled` the person went back; `lost` the sign-in has
 * expired, was used before, or began in another browser; `not-trusted` what came back does not hold; `too-weak` the person
 * has to sign in by a stronger means; `unknown-person` nobody here has this number; `no-role` no role at the hospital
 * that they signed in for.
 */
export type RefusalReason =
  | 'unavailable'
  | 'cancelled'
  | 'lost'
  | 'not-trusted'
  | 'too-weak'
  | 'unknown-person'
  | 'no-role';
