import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { SignInCookies } from './accounts/cookies.ts';
import { isSameOrigin } from './accounts/same-origin.ts';
import type { Session, Sessions } from './accounts/sessions.ts';
import type { Identity } from './identity.ts';
import { OWN_CLIENT } from './oauth/built-in-clients.ts';
import type { ClientDirectory } from './oauth/client-directory.ts';
import { TokenRefused } from './oauth/token-refused.ts';
import type { VerifyAccessToken } from './oauth/verify-access-token.ts';
import { Unauthenticated } from './unauthenticated.ts';

/** Who makes a request; undefined: nobody says. @throws Unauthenticated where somebody says so wrongly */
export type Identify = (request: IncomingMessage) => Promise<Identity | undefined>;

export interface IdentifyParts {
  readonly sessions: Sessions;
  readonly cookies: SignInCookies;
  readonly client: ClientDirectory;
  readonly verifyAccessToken: VerifyAccessToken;
  /** Of this server, as browsers send it. */
  readonly origin: string;
}

/**
 * Says of a request that nobody's hand was on the page before it: what an open page asks by itself, now and then or because it
 * was told of a change, must not keep the session of somebody who has left.
 */
const UNATTENDED = 'x-svar-unattended';
/** A secret and an id have no more; longer headers are not looked at. */
const BASIC_CHARACTERS_MAX = 1024;

/**
 * By the header Authorization, else by the session's cookie. A header counts alone: an app with a token may run in a
 * browser that has a cookie too, and must act as whom its token names. Two such headers, or one that is not understood,
 * are refused.
 */
export function identifier({ sessions, cookies, client, verifyAccessToken, origin }: IdentifyParts): Identify {
  return async (request) => {
    if (authorizations(request) > 1) throw new Unauthenticated();
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const scheme = /^[^ ]*/.exec(authorization)?.[0]?.toLowerCase();
      if (scheme === 'basic') return ofBasic(authorization, client);
      if (scheme === 'bearer' || scheme === 'dpop') return ofToken(request, verifyAccessToken);
      throw new Unauthenticated();
    }
    const cookie = cookies.session(request);
    if (cookie === undefined) return undefined;
    if (!isSameOrigin(request, origin)) throw new Unauthenticated();
    const session = await sessions.ofCookie(cookie, request.headers[UNATTENDED] !== undefined);
    return session && identityOf(session);
  };
}

async function ofToken(request: IncomingMessage, verify: VerifyAccessToken): Promise<Identity> {
  const identity = await verify(request).catch((problem: unknown) => {
    throw problem instanceof TokenRefused ? new Unauthenticated(problem.challenge) : problem;
  });
  if (identity === undefined) throw new Unauthenticated();
  return identity;
}

/** Who signed in at Svar's own pages. */
export function identityOf({ id, subject, fhirUser, role, strength, patient, order }: Session): Identity {
  return {
    ...{ kind: 'person', subject, client: OWN_CLIENT, strength, session: id },
    ...(fhirUser !== undefined && { fhirUser }),
    ...(role !== undefined && { role }),
    ...(patient !== undefined && { patient }),
    ...(order !== undefined && { order }),
  };
}

/** Node keeps the first of several headers Authorization and drops the others. */
function authorizations({ rawHeaders }: IncomingMessage): number {
  return rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization').length;
}

/** A system by its id and secret, as at Medplum: convenient with curl. RFC 7617; what is an app's secret is none here. */
async function ofBasic(header: string, client: ClientDirectory): Promise<Identity> {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header)?.[1];
  if (encoded === undefined || encoded.length > BASIC_CHARACTERS_MAX) throw new Unauthenticated();
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) throw new Unauthenticated();
  const found = await client(text.slice(0, colon));
  // a hash of what was sent against a hash of 256 random bits, in constant time, also where there is no such client
  const given = createHash('sha256')
    .update(text.slice(colon + 1))
    .digest();
  const kept = Buffer.from(found?.secretHash ?? '', 'hex');
  const right = kept.length === given.length && timingSafeEqual(kept, given);
  if (found === undefined || found.kind !== 'system' || !right) throw new Unauthenticated();
  return {
    kind: 'system',
    subject: found.id,
    client: found.id,
    ...(found.scopes.includes('*') ? {} : { scope: found.scopes.join(' ') }),
    strength: 'secret',
    session: `client ${found.id}`,
  };
}
