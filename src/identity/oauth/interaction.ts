import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Strength } from '../identity.ts';

/**
 * Where a browser is sent to sign in, followed by `/<uid>`; the pages are in src/identity/pages. The cookie that binds the
 * request to the browser is sent to this path and what is below it: every form of these pages posts there.
 */
export const SIGN_IN_PATH = '/sign-in';

/** An authorization request that waits for somebody to sign in. */
export interface PendingSignIn {
  readonly uid: string;
  readonly client: { readonly id: string; readonly name: string };
  /** The scopes that were asked for, separated by blanks. */
  readonly scope: string;
  /** OpenID's `login_hint`. */
  readonly loginHint?: string;
  /** Whether the person must sign in anew although they are signed in (`prompt=login`, `max_age`). */
  readonly anew: boolean;
}

/** Who has signed in, as src/identity/accounts knows after the second factor and the choice of role. */
export interface SignedIn {
  /** The account's id. */
  readonly account: string;
  /** `Practitioner/x` or `Patient/x`. */
  readonly fhirUser: string;
  /** The id of the PractitionerRole that was chosen; absent for patients. */
  readonly role?: string;
  /** The id of the Task that a personal link opens. */
  readonly order?: string;
  readonly strength: Strength;
  /** Of the sign-in: what came of it ends with it (endGrants() in grants.ts). */
  readonly session: string;
  /** When they signed in, seconds since 1970. */
  readonly at: number;
}

/** What pages of sign-in need of the authorization server. */
export interface Interactions {
  /**
   * The authorization request of this browser; undefined where there is none, or it has expired, or it is another
   * browser's.
   */
  interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<PendingSignIn | undefined>;
  /**
   * Ends the sign-in: answers with a redirect (303) to where the request goes on, which may be the page of consent or the
   * choice of a patient. @throws InteractionLost
   */
  finishSignIn(request: IncomingMessage, response: ServerResponse, who: SignedIn): Promise<void>;
  /** Ends the request without a sign-in; the app is told `access_denied`. @throws InteractionLost */
  cancelSignIn(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** The authorization request is gone: expired, answered before, or another browser's. */
export class InteractionLost extends Error {
  override readonly name = 'InteractionLost';
}
