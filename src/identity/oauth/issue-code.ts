import { OWN_CLIENT } from './built-in-clients.ts';
import type { ClientDirectory } from './client-directory.ts';
import { grantedScopes } from './granted-scopes.ts';
import type { SignedIn } from './interaction.ts';
import { type GrantParts, makeGrant } from './make-grant.ts';
import type { ProviderCache } from './provider-cache.ts';
import { NO_REDIRECT } from './token-request.ts';

export interface CodeRequest {
  readonly who: SignedIn;
  /** The OAuth client that MedplumClient names; Svar's own where it names none. */
  readonly client?: string;
  /** Separated by blanks; without any, all that the role allows, until signing out. */
  readonly scope?: string;
  /** S256 (RFC 7636): base64url of the SHA-256 of the verifier. */
  readonly codeChallenge: string;
}

/** @returns a code for the token endpoint; undefined where the client may not sign people in without a redirect */
export type IssueCode = (request: CodeRequest) => Promise<string | undefined>;

const SCOPE = 'openid fhirUser online_access';
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/**
 * For sign-ins without a redirect. Only for apps of the house (preapproved): any other would see the password of whoever
 * signs in, and nobody would be asked whether they agree.
 */
export function issueCode(
  parts: GrantParts & { readonly clients: ClientDirectory; readonly providers: ProviderCache },
): IssueCode {
  return async ({ who, client: id = OWN_CLIENT, scope = SCOPE, codeChallenge }) => {
    const client = await parts.clients(id);
    if (client?.kind !== 'app' || !client.preapproved || !CHALLENGE.test(codeChallenge)) return undefined;
    const { scopes, faulty } = grantedScopes(scope, client);
    if (faulty.length > 0 || scopes.length === 0) return undefined;
    const provider = await parts.providers.get();
    const registered = await provider.Client.find(client.id);
    if (registered === undefined) return undefined;
    const grant = await makeGrant(provider, parts, { client, who, scopes, context: {} });
    if (grant === undefined) return undefined;
    const code = new provider.AuthorizationCode({
      accountId: who.account,
      authTime: who.at,
      client: registered,
      codeChallenge,
      codeChallengeMethod: 'S256',
      grantId: grant.id,
      gty: 'authorization_code',
      redirectUri: NO_REDIRECT,
      resource: parts.fhirBase,
      scope: scopes.join(' '),
    });
    return code.save();
  };
}
