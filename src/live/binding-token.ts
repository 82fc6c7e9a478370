import type { Identity } from '../identity/identity.ts';
import type { Secrets } from '../runtime/secrets.ts';
import type { LiveSubscription } from './live-subscriptions.ts';

/** What a websocket is bound by: who listens, and to what. */
export interface Bound {
  readonly identity: Identity;
  readonly subscription: LiveSubscription;
  /** ms since 1970 */
  readonly expires: number;
}

const PURPOSE = 'binding of a websocket';

/** For a websocket, which carries no header of its own: sealed, so that nobody else reads or makes one. */
export function bindingToken(secrets: Secrets, bound: Bound): string {
  return secrets.seal(PURPOSE, Buffer.from(JSON.stringify(bound))).toString('base64url');
}

/** What a token binds to; undefined where it is none of ours, or is too old. @param now ms since 1970 */
export function readBindingToken(secrets: Secrets, token: string, now: number): Bound | undefined {
  try {
    const bound = JSON.parse(secrets.unseal(PURPOSE, Buffer.from(token, 'base64url')).toString()) as Bound;
    return bound.expires > now ? bound : undefined;
  } catch {
    return undefined;
  }
}
