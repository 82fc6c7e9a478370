import type { IncomingMessage } from 'node:http';
import type { Queryable } from '../../model/queryable.ts';
import type { Identity } from '../identity.ts';
import { type AccessToken, type AccessTokens, TokenFault } from './access-token.ts';
import { checkProof, PROOF_AGE_MAX_MS } from './dpop-proof.ts';
import { useOnce } from './once.ts';
import { TokenRefused } from './token-refused.ts';

/**
 * Who sent a request, by the access token in its Authorization header (`Bearer` or `DPoP`); undefined where it has none.
 * @throws TokenRefused where there is one that does not stand
 */
export type VerifyAccessToken = (request: IncomingMessage) => Promise<Identity | undefined>;

export interface VerifyParts {
  readonly db: Queryable;
  readonly tokens: AccessTokens;
  /** Of the server, without a slash at the end. */
  readonly baseUrl: string;
  /** ms since 1970 */
  readonly now: () => number;
  /** Tells the operator why a token was refused. */
  readonly refused: (reason: string) => void;
}

export function verifyAccessToken({ db, tokens, baseUrl, now, refused }: VerifyParts): VerifyAccessToken {
  return async (request) => {
    try {
      return await identified(request);
    } catch (problem) {
      if (problem instanceof TokenRefused) refused(problem.reason);
      throw problem;
    }
  };

  async function identified(request: IncomingMessage): Promise<Identity | undefined> {
    const [, scheme = '', value = ''] = /^(Bearer|DPoP) +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (value === '') {
      if (/^(Bearer|DPoP)\b/i.test(request.headers.authorization ?? '')) throw new TokenRefused('Bearer', 'no token');
      return undefined;
    }
    const presented = scheme.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer';
    let token: AccessToken;
    try {
      token = await tokens.understood(value);
    } catch (problem) {
      // a database that is away must not send people to sign in again
      throw problem instanceof TokenFault ? new TokenRefused(presented, problem.message) : problem;
    }
    // a bound token by itself is what a thief has
    if ((token.thumbprint !== undefined) !== (presented === 'DPoP')) throw new TokenRefused(presented, 'scheme');
    if (token.thumbprint !== undefined) {
      await proven(request, value, token.thumbprint);
    }
    return token.identity;
  }

  async function proven(request: IncomingMessage, accessToken: string, thumbprint: string): Promise<void> {
    const proof = request.headers.dpop;
    if (typeof proof !== 'string') throw new TokenRefused('DPoP', 'no proof');
    const path =
      'originalUrl' in request && typeof request.originalUrl === 'string' ? request.originalUrl : request.url;
    const made = await checkProof(proof, {
      method: request.method ?? '',
      address: baseUrl + path,
      accessToken,
      now: now(),
    }).catch((problem: unknown) => {
      throw new TokenRefused('DPoP', problem instanceof Error ? `proof: ${problem.message}` : 'proof');
    });
    if (made.thumbprint !== thumbprint) throw new TokenRefused('DPoP', 'proof: another key');
    const until = now() + 2 * PROOF_AGE_MAX_MS;
    if (!(await useOnce(db, ['dpop', made.thumbprint, made.jti], until, now()))) {
      throw new TokenRefused('DPoP', 'proof: used before');
    }
  }
}
