import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { Queryable } from '../../model/queryable.ts';
import type { Secrets } from '../../runtime/secrets.ts';
import type { Identity } from '../identity.ts';
import { type Remembering, remembered } from '../remembered.ts';
import type { ClientDirectory } from './client-directory.ts';
import { type Grant, storedGrant } from './grants.ts';
import type { KeyRing } from './key-ring.ts';
import { useOnce, wasUsed } from './once.ts';
import { ACCESS_TOKEN_ALGORITHM } from './signing-keys.ts';

/** What an access token of ours says (RFC 9068), as far as it was checked. */
export interface AccessToken {
  readonly client: string;
  readonly subject: string;
  readonly jti: string;
  /** Seconds since 1970. */
  readonly issuedAt: number;
  readonly expires: number;
  readonly scope: string | undefined;
  /** The FHIR base that it is for. */
  readonly audience: string;
  /** Of the DPoP key that it is bound to. */
  readonly thumbprint: string | undefined;
  readonly identity: Identity;
  readonly grant: Grant | undefined;
}

/** What is wrong with a token, in a few words for the log that hold nothing of it. */
export class TokenFault extends Error {
  override readonly name = 'TokenFault';
}

/** How long a token goes on after its grant was revoked in another process. */
const STALE_MS = 2000;
const CLOCK_TOLERANCE_S = 5;
const TOKEN_LENGTH_MAX = 8192;
const REVOKED = 'revoked token';

export interface AccessTokenParts {
  readonly db: Queryable;
  readonly secrets: Secrets;
  readonly keys: KeyRing;
  readonly clients: ClientDirectory;
  readonly issuer: string;
  readonly audience: string;
  /** ms since 1970 */
  readonly now: () => number;
}

/** Understands access tokens of this server: their signature, for whom they are, and whether they still stand. */
export class AccessTokens {
  readonly #parts: AccessTokenParts;
  readonly #grant: Remembering<Grant | undefined>;
  readonly #wasRevoked: Remembering<boolean>;

  constructor(parts: AccessTokenParts) {
    this.#parts = parts;
    const { db, secrets, now } = parts;
    const memory = { ms: STALE_MS, now };
    this.#grant = remembered((id) => storedGrant(db, secrets, id, now()), memory);
    this.#wasRevoked = remembered((jti) => wasUsed(db, [REVOKED, jti]), memory);
  }

  /** @throws TokenFault; another error where the database is away, which is no fault of the token */
  async understood(token: string): Promise<AccessToken> {
    const { issuer, audience, now } = this.#parts;
    const payload = await this.#verified(token, { issuer, audience, now: new Date(now()) });
    const { sub, jti, iat, exp, client_id: client, login_id: login, access, scope, cnf } = payload;
    if (typeof sub !== 'string' || typeof jti !== 'string' || typeof client !== 'string' || typeof login !== 'string') {
      throw new TokenFault('claims are missing');
    }
    if (iat === undefined || exp === undefined || iat > now() / 1000 + CLOCK_TOLERANCE_S)
      throw new TokenFault('iat or exp');
    if (await this.#wasRevoked(jti)) throw new TokenFault('revoked');
    const scopes = typeof scope === 'string' ? scope : undefined;
    const common = {
      client,
      subject: sub,
      jti,
      issuedAt: iat,
      expires: exp,
      scope: scopes,
      audience,
      thumbprint: thumbprintOf(cnf),
    };
    // whoever is bound by scopes and was given none may do nothing
    const bound = access === 'full' ? {} : { scope: scopes ?? '' };
    if (sub === client) return { ...common, ...(await this.#system(client, login, bound)) };
    return { ...common, ...(await this.#person(client, sub, login, bound)) };
  }

  /** Ends one token before its time, for every process. */
  async revoke({ jti, expires }: AccessToken): Promise<void> {
    const { db, now } = this.#parts;
    await useOnce(db, [REVOKED, jti], (expires + CLOCK_TOLERANCE_S) * 1000, now());
    this.#wasRevoked.forget(jti);
  }

  async #verified(token: string, { issuer, audience, now }: { issuer: string; audience: string; now: Date }) {
    if (token.length > TOKEN_LENGTH_MAX) throw new TokenFault('too long');
    const { alg, kid, ...others } = headerOf(token);
    // nothing that a token names is ever fetched or believed: what ours do not have is refused (jku, jwk, x5u, x5c, crit)
    if (Object.keys(others).some((name) => name !== 'typ')) throw new TokenFault('header');
    if (alg !== ACCESS_TOKEN_ALGORITHM) throw new TokenFault('alg');
    const key = typeof kid === 'string' ? await this.#parts.keys.publicKey(kid, alg) : undefined;
    if (key === undefined) throw new TokenFault('kid');
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ACCESS_TOKEN_ALGORITHM],
      typ: 'at+jwt',
      issuer,
      audience,
      currentDate: now,
      clockTolerance: CLOCK_TOLERANCE_S,
      requiredClaims: ['exp', 'iat', 'jti', 'sub'],
    }).catch((problem: unknown) => {
      throw new TokenFault(problem instanceof errors.JOSEError ? problem.code : 'not understood');
    });
    return payload;
  }

  async #system(client: string, login: string, bound: { scope?: string }) {
    const registration = await this.#parts.clients(client);
    if (registration?.kind !== 'system') throw new TokenFault('the client is gone');
    const identity: Identity = {
      kind: 'system',
      subject: client,
      client,
      ...bound,
      strength: registration.secretHash === undefined ? 'key' : 'secret',
      session: login,
    };
    return { identity, grant: undefined };
  }

  async #person(client: string, account: string, id: string, bound: { scope?: string }) {
    const grant = await this.#grant(id);
    if (grant === undefined || grant.client !== client || grant.account !== account)
      throw new TokenFault('the grant is gone');
    if ((await this.#parts.clients(client)) === undefined) throw new TokenFault('the client is gone');
    return { identity: identityOf(grant, bound), grant };
  }
}

/** Who acts by a grant. @param bound to which scopes; without `scope`: to none, whatever the role allows */
export function identityOf(grant: Grant, bound: { readonly scope?: string }): Identity {
  const { account, client, fhirUser, role, order, strength, session, context } = grant;
  return {
    kind: 'person',
    subject: account,
    client,
    fhirUser,
    ...(role !== undefined && { role }),
    ...(order !== undefined && { order }),
    ...(context.patient !== undefined && { patient: context.patient }),
    ...bound,
    strength,
    session,
  };
}

function headerOf(token: string) {
  try {
    return decodeProtectedHeader(token);
  } catch {
    throw new TokenFault('no JWT');
  }
}

function thumbprintOf(cnf: unknown): string | undefined {
  if (cnf === undefined) return undefined;
  const jkt = typeof cnf === 'object' && cnf !== null && 'jkt' in cnf ? cnf.jkt : undefined;
  if (typeof jkt !== 'string') throw new TokenFault('cnf');
  return jkt;
}
