import { createHash, randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import {
  type AccessTokens,
  askForToken,
  KeptToken,
  readToken,
  type TokenClient,
  type TokenParts,
} from './access-tokens.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** `typ` that HelseID wants in the header of a client assertion. */
const ASSERTION_HEADER_TYPE = 'client-authentication+jwt';
const ASSERTION_SECONDS = 60;
const PROOF_ALGORITHM = 'ES256';

/** For which organisation a client of several acts: organisation numbers. */
export interface OnBehalfOf {
  readonly parent: string;
  /** A part of it; empty where there is none. */
  readonly child: string;
}

/**
 * Tokens of HelseID (NHN): client credentials, private_key_jwt, bound to a key by DPoP (RFC 9449). A multi-tenant client
 * tells in the assertion (`assertion_details`) for which organisation it acts.
 */
export function helseId(client: TokenClient, organization: OnBehalfOf | undefined, parts: TokenParts): AccessTokens {
  const { issuer, tokenEndpoint, clientId, scopes, key } = client;
  const proofs = proofsOf(parts);
  const assertionOf = (now: number): Promise<string> =>
    new SignJWT(organization === undefined ? {} : { assertion_details: [detailsOf(organization)] })
      .setProtectedHeader({
        alg: key.alg,
        typ: ASSERTION_HEADER_TYPE,
        ...(key.kid !== undefined && { kid: key.kid }),
      })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(issuer)
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + ASSERTION_SECONDS)
      .setJti(randomUUID())
      .sign(key.key);
  const ask = async (nonce?: string) =>
    askForToken(
      parts,
      tokenEndpoint,
      {
        grant_type: 'client_credentials',
        client_id: clientId,
        scope: scopes.join(' '),
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: await assertionOf(Math.floor(parts.clock.now().getTime() / 1000)),
      },
      { dpop: await proofs(tokenEndpoint, { nonce }) },
    );
  const kept = new KeptToken(async () => {
    const first = await ask();
    const nonce = first.headers['dpop-nonce'];
    // it wants a nonce of its own in the proof, and tells it (RFC 9449, 8)
    const answer = first.status === 400 && nonce !== undefined ? await ask(nonce) : first;
    return readToken(answer.status, answer.body);
  }, parts.clock);
  return {
    async headers(method, address) {
      const token = await kept.get();
      return { authorization: `DPoP ${token}`, dpop: await proofs(address, { token, method }) };
    },
  };
}

/** What a proof is for, beside its address. */
interface ProofOf {
  readonly nonce?: string | undefined;
  readonly token?: string;
  readonly method?: 'GET' | 'POST';
}

/** Makes proofs of a key that lives as long as the process. */
function proofsOf({ clock }: TokenParts) {
  let pair: Promise<{ readonly key: CryptoKey; readonly jwk: JWK }> | undefined;
  const make = async () => {
    const { privateKey, publicKey } = await generateKeyPair(PROOF_ALGORITHM);
    return { key: privateKey, jwk: await exportJWK(publicKey) };
  };
  return async (address: string, { nonce, token, method = 'POST' }: ProofOf): Promise<string> => {
    pair ??= make();
    const { key, jwk } = await pair;
    const { origin, pathname } = new URL(address);
    return new SignJWT({
      htm: method,
      htu: origin + pathname,
      ...(nonce !== undefined && { nonce }),
      ...(token !== undefined && { ath: createHash('sha256').update(token).digest('base64url') }),
    })
      .setProtectedHeader({ alg: PROOF_ALGORITHM, typ: 'dpop+jwt', jwk })
      .setIssuedAt(Math.floor(clock.now().getTime() / 1000))
      .setJti(randomUUID())
      .sign(key);
  };
}

function detailsOf({ parent, child }: OnBehalfOf): object {
  const identifier = { system: 'urn:oid:1.0.6523', type: 'ENH', value: `NO:ORGNR:${parent}:${child}` };
  return { type: 'helseid_authorization', practitioner_role: { organization: { identifier } } };
}
