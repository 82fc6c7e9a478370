import { Unauthenticated } from '../unauthenticated.ts';

/**
 * A token that does not stand (RFC 6750, section 3; RFC 9449, section 7.1). Whoever sent it is told that, and no more;
 * `reason` is for the operator's log and holds nothing of the token.
 */
export class TokenRefused extends Unauthenticated {
  readonly reason: string;

  constructor(scheme: 'Bearer' | 'DPoP', reason: string) {
    super(`${scheme} error="invalid_token"`);
    this.name = 'TokenRefused';
    this.reason = reason;
  }
}
