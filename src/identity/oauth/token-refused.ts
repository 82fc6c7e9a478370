/**
 * A token that does not stand. Whoever sent it is told that, and no more; `reason` is for the operator's log and holds
 * nothing of the token.
 */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  /** The value of WWW-Authenticate (RFC 6750, section 3; RFC 9449, section 7.1). The status is 401. */
  readonly challenge: string;
  readonly reason: string;

  constructor(scheme: 'Bearer' | 'DPoP', reason: string) {
    super('the token was refused');
    this.reason = reason;
    this.challenge = `${scheme} error="invalid_token"`;
  }
}
