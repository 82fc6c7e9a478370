import { timingSafeEqual } from 'node:crypto';
import { type Adapter, type Configuration, errors, interactionPolicy, Provider } from 'oidc-provider';
import type { Queryable } from '../../model/queryable.ts';
import type { Secrets } from '../../runtime/secrets.ts';
import { languageOf } from '../pages/language.ts';
import { pageText } from '../pages/layout.ts';
import { PAGE_HEADERS } from '../pages/page-answer.ts';
import type { ClientDirectory } from './client-directory.ts';
import { CORS_ORIGINS, clientMetadata } from './client-metadata.ts';
import { secretHashOf } from './client-store.ts';
import { ASSERTION_ALGORITHMS, DPOP_ALGORITHMS, ROUTES } from './endpoints.ts';
import { WORD_SCOPES } from './granted-scopes.ts';
import { SIGN_IN_PATH } from './interaction.ts';
import type { Keys } from './key-ring.ts';
import { grantLifetime, LIFETIMES } from './lifetimes.ts';
import { errorPage } from './pages/error-page.ts';
import { resourceServers } from './resource-servers.ts';
import { stateAdapter } from './state-adapter.ts';
import { accessTokenClaims, idTokenClaims } from './token-claims.ts';

export interface ProviderParts {
  readonly db: Queryable;
  readonly secrets: Secrets;
  readonly clients: ClientDirectory;
  /** Of the server, without a slash at the end: the issuer. */
  readonly baseUrl: string;
  readonly fhirBase: string;
  /** Faults of scopes about resources, in words; see src/access/scopes.ts. */
  readonly scopeFaults: (scopes: string) => readonly string[];
  /** Fetches key sets of clients, from allowed origins only. */
  readonly fetch: (address: string, init: RequestInit) => Promise<Response>;
  /** ms since 1970 */
  readonly now: () => number;
}

/** oidc-provider as Svar uses it. It keeps nothing but its keys: another process may answer the next request. */
export function createProvider(parts: ProviderParts, keys: Keys): Provider {
  const { baseUrl, secrets } = parts;
  const provider = new Provider(baseUrl, configuration(parts, keys));
  // src/identity/oauth/router.ts writes the proxy's headers itself, whatever a proxy or a client says
  provider.proxy = true;
  Object.assign(provider.Client.prototype, {
    async compareClientSecret(this: { clientSecret?: string }, given: string) {
      const [kept, hash] = [this.clientSecret ?? '', secretHashOf(given)].map((text) => Buffer.from(text));
      return kept !== undefined && hash !== undefined && kept.length === hash.length && timingSafeEqual(kept, hash);
    },
  });
  provider.keys = [secrets.key('oauth cookies').toString('base64')];
  return provider;
}

function configuration(parts: ProviderParts, keys: Keys): Configuration {
  const { baseUrl, db, secrets, clients, now } = parts;
  const secure = baseUrl.startsWith('https:');
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true, secure } as const;
  return {
    adapter: (kind: string): Adapter =>
      kind === 'Client' ? clientAdapter(clients) : stateAdapter(db, secrets, kind, now),
    jwks: { keys: keys.signing.map(({ jwk }) => jwk) } as Configuration['jwks'],
    routes: ROUTES,
    scopes: [...WORD_SCOPES],
    claims: { openid: ['sub'], fhirUser: ['fhirUser'], profile: ['profile'] },
    conformIdTokenClaims: false,
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    enabledJWA: {
      clientAuthSigningAlgValues: [...ASSERTION_ALGORITHMS],
      idTokenSigningAlgValues: ['RS256', 'ES256'],
      dPoPSigningAlgValues: [...DPOP_ALGORITHMS],
    },
    responseTypes: ['code'],
    pkce: { required: () => true },
    extraParams: ['aud', 'launch'],
    allowOmittingSingleRegisteredRedirectUri: false,
    extraClientMetadata: { properties: [CORS_ORIGINS] },
    clientBasedCORS: (_ctx, origin, client) =>
      origin === new URL(baseUrl).origin || (client[CORS_ORIGINS] as string[]).includes(origin),
    clockTolerance: LIFETIMES.clockTolerance,
    cookies: {
      names: { session: 'svar_oauth', interaction: 'svar_oauth_sign_in', resume: 'svar_oauth_resume' },
      long: cookie,
      short: cookie,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) =>
          client.clientAuthMethod !== 'none' && token.clientId === client.clientId,
      },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      dPoP: { enabled: true },
      resourceIndicators: resourceServers(parts),
    },
    interactions: {
      url: (_ctx, interaction) => `${baseUrl}${SIGN_IN_PATH}/${interaction.uid}`,
      policy: [signIn(), new interactionPolicy.Prompt({ name: 'consent', requestable: true })],
    },
    loadExistingGrant: async (ctx) => {
      const id = ctx.oidc.result?.consent?.grantId;
      return id === undefined ? undefined : ctx.oidc.provider.Grant.find(id);
    },
    findAccount: (_ctx, account, token) => ({
      accountId: account,
      claims: async () => ({ sub: account, ...(await idTokenClaims(parts, token)) }),
    }),
    extraTokenClaims: async (_ctx, token) => accessTokenClaims(parts, token),
    assertJwtClientAuthClaimsAndHeader: async (_ctx, claims) => assertShortLived(claims, now()),
    expiresWithSession: async () => false,
    issueRefreshToken: async (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') &&
      (source.scopes.has('offline_access') || source.scopes.has('online_access')),
    rotateRefreshToken: true,
    ttl: {
      AccessToken: LIFETIMES.accessToken,
      ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? LIFETIMES.systemAccessToken,
      AuthorizationCode: LIFETIMES.authorizationCode,
      IdToken: LIFETIMES.idToken,
      Interaction: LIFETIMES.interaction,
      Session: LIFETIMES.interaction,
      Grant: (_ctx, grant) => grantLifetime(grant.getOIDCScope()),
      // a token that follows another lives no longer than that would have
      RefreshToken: (ctx, token) => ctx?.oidc.entities.RotatedRefreshToken?.remainingTTL ?? grantLifetime(token.scope),
    },
    fetch: (url, init) => inTime(parts.fetch(String(url), init ?? {}), init?.signal),
    fetchResponseBodyLimits: { jwks_uri: 64 * 1024 },
    renderError: async (ctx, out) => {
      const language = languageOf(undefined, ctx.get('accept-language'));
      ctx.set(PAGE_HEADERS);
      ctx.body = pageText(errorPage(out.error, out.error_description, language), language);
    },
  };
}

function clientAdapter(clients: ClientDirectory): Adapter {
  const never = async () => {
    throw new Error('clients are registered by an operator alone');
  };
  return {
    find: async (id) => {
      const client = await clients(id);
      return client && clientMetadata(client);
    },
    upsert: never,
    consume: never,
    destroy: never,
    findByUid: never,
    findByUserCode: never,
    revokeByGrantId: never,
  };
}

/** Every request is answered by the pages of sign-in, which know who is signed in: oidc-provider's own session does not. */
function signIn() {
  const { Prompt, Check } = interactionPolicy;
  return new Prompt(
    { name: 'login', requestable: true },
    new Check('no_session', 'a person has to sign in', ({ oidc }) => oidc.result?.consent?.grantId === undefined),
  );
}

/** SMART App Launch 2.2, "Backend Services": at most five minutes in the future, and about the client itself. */
function assertShortLived(claims: { exp?: number; sub?: string; iss?: string }, now: number): void {
  const latest = now / 1000 + LIFETIMES.assertionMax + LIFETIMES.clockTolerance;
  if (typeof claims.exp !== 'number' || claims.exp > latest) throw new errors.InvalidClientAuth('lives too long');
  if (claims.sub !== claims.iss) throw new errors.InvalidClientAuth('sub is not iss');
}

/** oidc-provider gives a fetch 2.5 s: a client whose keys are slow to come must not hold anything longer. */
async function inTime(answer: Promise<Response>, signal: AbortSignal | null | undefined): Promise<Response> {
  if (!signal) return answer;
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the keys did not come in time')), { once: true });
  });
  return Promise.race([answer, late]);
}
