import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import { DPOP_ALGORITHMS } from './endpoints.ts';

/** How old a proof may be, and how far ahead its clock. */
export const PROOF_AGE_MAX_MS = 60_000;

export interface ProofExpected {
  readonly method: string;
  /** The request's address without query and fragment. */
  readonly address: string;
  readonly accessToken: string;
  /** ms since 1970 */
  readonly now: number;
}

export interface Proof {
  /** Of the key that made it (RFC 7638, SHA-256). */
  readonly thumbprint: string;
  readonly jti: string;
}

/**
 * Checks a DPoP proof as a resource server does (RFC 9449, section 4.3); whether its `jti` was used before is the
 * caller's to ask. @throws Error of any kind: the proof is wrong
 */
export async function checkProof(proof: string, { method, address, accessToken, now }: ProofExpected): Promise<Proof> {
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
    algorithms: [...DPOP_ALGORITHMS],
    typ: 'dpop+jwt',
    currentDate: new Date(now),
  });
  const { htm, htu, ath, iat, jti } = payload;
  if (typeof iat !== 'number' || Math.abs(now - iat * 1000) > PROOF_AGE_MAX_MS) throw new Error('iat');
  if (typeof jti !== 'string' || jti === '' || jti.length > 256) throw new Error('jti');
  if (htm !== method) throw new Error('htm');
  if (typeof htu !== 'string' || withoutQuery(htu) !== withoutQuery(address)) throw new Error('htu');
  if (ath !== createHash('sha256').update(accessToken).digest('base64url')) throw new Error('ath');
  const { jwk } = protectedHeader;
  if (jwk === undefined) throw new Error('jwk');
  return { thumbprint: await calculateJwkThumbprint(jwk), jti };
}

/** Section 4.3: query and fragment are passed over, the rest is compared as the URL standard writes it. */
function withoutQuery(address: string): string | undefined {
  const url = URL.parse(address);
  return url === null ? undefined : url.origin + url.pathname;
}
