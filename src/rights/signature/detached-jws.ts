import { type CryptoKey, FlattenedSign, flattenedVerify, type JWK } from 'jose';

/** Who signed, as the server knew it: goes into the protected header, so that it is signed too. */
export interface Signer {
  /** `Patient/x` or `Practitioner/x` */
  readonly who: string;
  readonly role: string;
  /** How they had shown who they are: see Identity.strength. */
  readonly strength: string;
  /** The OAuth client through which they acted. */
  readonly client: string;
  /** Of the sign-in, as in the audit. */
  readonly session?: string;
  /** The words that were shown, as canonical|version. */
  readonly text: string;
  /** Instant, UTC. */
  readonly at: string;
}

export const ALGORITHM = 'ES256';
/** Our own header parameter (RFC 7515, 4.2: a collision-resistant name). */
const SIGNER = 'https://svar.example.org/fhir/signer';

/**
 * A JWS with detached, unencoded payload (RFC 7515, appendix F; RFC 7797) in compact form: `header..signature`.
 * @param kid by which the public key is found later
 */
export async function signDetached(payload: string, signer: Signer, key: CryptoKey, kid: string): Promise<string> {
  const jws = await new FlattenedSign(Buffer.from(payload))
    .setProtectedHeader({ alg: ALGORITHM, kid, b64: false, crit: ['b64'], [SIGNER]: signer })
    .sign(key);
  return `${jws.protected}..${jws.signature}`;
}

export type Verdict =
  | { readonly valid: true; readonly signer: Signer }
  | { readonly valid: false; readonly why: Fault };

/** Why a signature does not hold: it is no JWS of ours, its key is unknown, or it is of something else. */
export type Fault = 'malformed' | 'unknown-key' | 'altered';

/** @param publicKey finds the key of a kid; the key is never taken from the signature itself */
export async function verifyDetached(
  compact: string,
  payload: string,
  publicKey: (kid: string) => Promise<JWK | undefined>,
): Promise<Verdict> {
  const [head = '', middle, signature = '', ...more] = compact.split('.');
  const header = headerOf(head);
  if (header === undefined || middle !== '' || more.length > 0) {
    return { valid: false, why: 'malformed' };
  }
  const key = await publicKey(header.kid);
  if (key === undefined) {
    return { valid: false, why: 'unknown-key' };
  }
  try {
    await flattenedVerify({ protected: head, payload: Buffer.from(payload), signature }, key, {
      algorithms: [ALGORITHM],
    });
    return { valid: true, signer: header.signer };
  } catch {
    return { valid: false, why: 'altered' };
  }
}

function headerOf(encoded: string): { kid: string; signer: Signer } | undefined {
  try {
    const header: Readonly<Record<string, unknown>> = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    const { kid, alg, b64 } = header;
    const signer = header[SIGNER];
    const known = typeof kid === 'string' && alg === ALGORITHM && b64 === false;
    return known && typeof signer === 'object' && signer !== null ? { kid, signer: signer as Signer } : undefined;
  } catch {
    return undefined;
  }
}
