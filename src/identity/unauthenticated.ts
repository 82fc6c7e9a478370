import { error, FhirError } from '../model/issue.ts';

/**
 * 401: nobody who is known asks, or what they showed is not worth anything. Says no more than that, whatever the fault
 * was, so that a stolen or forged token is no way to learn anything.
 */
export class Unauthenticated extends FhirError {
  /** WWW-Authenticate (RFC 9110, 11.6.1). Never `Basic`: browsers would ask for a password of their own accord. */
  readonly challenge: string;

  constructor(challenge = 'Bearer realm="svar"') {
    super(401, [error('security', 'Sign in first: see /.well-known/smart-configuration, or /sign-in for people.')]);
    this.name = 'Unauthenticated';
    this.challenge = challenge;
  }
}
