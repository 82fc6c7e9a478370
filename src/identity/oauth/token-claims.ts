import { errors } from 'oidc-provider';
import type { ClientDirectory } from './client-directory.ts';
import { isUnrestricted } from './clients.ts';
import { storedGrant } from './grants.ts';
import type { GrantParts } from './make-grant.ts';

type ClaimsParts = Omit<GrantParts, 'sessionStands'>;

interface TokenClaimsParts extends ClaimsParts {
  readonly clients: ClientDirectory;
}

/** Claims of an ID token about who signed in. @param token the code or refresh token that it follows from */
export async function idTokenClaims({ db, secrets, now, fhirBase }: ClaimsParts, token: object | undefined) {
  const id = token !== undefined && 'grantId' in token ? token.grantId : undefined;
  const grant = typeof id === 'string' ? await storedGrant(db, secrets, id, now()) : undefined;
  if (grant === undefined) return {};
  const fhirUser = `${fhirBase}/${grant.fhirUser}`;
  return { fhirUser, profile: fhirUser };
}

/** Claims that access tokens have beside those of RFC 9068; `login_id` is what MedplumClient looks for. */
export async function accessTokenClaims(parts: TokenClaimsParts, token: object) {
  const { db, secrets, now, clients, fhirBase } = parts;
  if ('grantId' in token && typeof token.grantId === 'string') {
    const grant = await storedGrant(db, secrets, token.grantId, now());
    if (grant === undefined) throw new errors.InvalidGrant('the grant is gone');
    const { patient, encounter } = grant.context;
    return {
      login_id: grant.id,
      access: grant.full ? 'full' : 'scopes',
      fhirUser: `${fhirBase}/${grant.fhirUser}`,
      ...(patient !== undefined && { patient }),
      ...(encounter !== undefined && { encounter }),
    };
  }
  const { clientId, jti, scope } = token as { clientId?: string; jti?: string; scope?: string };
  const client = await clients(clientId ?? '');
  const full = client !== undefined && isUnrestricted(client) && (scope ?? '') === '';
  return { login_id: jti ?? '', access: full ? 'full' : 'scopes' };
}
