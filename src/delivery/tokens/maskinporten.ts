import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import {
  type AccessTokens,
  askForToken,
  KeptToken,
  readToken,
  type TokenClient,
  type TokenParts,
} from './access-tokens.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** Maskinporten takes grants that are good for two minutes at most. */
const GRANT_SECONDS = 100;

/**
 * Tokens of Maskinporten (docs.digdir.no): a grant that the client signs (RFC 7523) is exchanged for a bearer token.
 */
export function maskinporten(client: TokenClient, parts: TokenParts): AccessTokens {
  const { issuer, tokenEndpoint, clientId, scopes, key } = client;
  const kept = new KeptToken(async () => {
    const now = Math.floor(parts.clock.now().getTime() / 1000);
    const assertion = await new SignJWT({ scope: scopes.join(' ') })
      .setProtectedHeader({ alg: key.alg, ...(key.kid !== undefined && { kid: key.kid }) })
      .setIssuer(clientId)
      .setAudience(issuer)
      .setIssuedAt(now)
      .setExpirationTime(now + GRANT_SECONDS)
      .setJti(randomUUID())
      .sign(key.key);
    const { status, body } = await askForToken(parts, tokenEndpoint, { grant_type: GRANT, assertion });
    return readToken(status, body);
  }, parts.clock);
  return {
    async headers() {
      return { authorization: `Bearer ${await kept.get()}` };
    },
  };
}
