import type { IncomingMessage } from 'node:http';
import type { Router } from 'express';
import type { errors, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Clock } from '../../model/clock.ts';
import type { Queryable } from '../../model/queryable.ts';
import type { Secrets } from '../../runtime/secrets.ts';
import { signInCookies } from '../accounts/cookies.ts';
import type { Identity } from '../identity.ts';
import { AccessTokens } from './access-token.ts';
import { type AllowsOrigin, allowedOrigins } from './allowed-origins.ts';
import { builtInClients } from './built-in-clients.ts';
import { deleteExpired } from './cleaning.ts';
import { type ClientDirectory, clientDirectory } from './client-directory.ts';
import type { PatientChoice } from './consent.ts';
import { storedGrant } from './grants.ts';
import type { Interactions } from './interaction.ts';
import { interactions } from './interactions.ts';
import { type IssueCode, issueCode } from './issue-code.ts';
import { KeyRing } from './key-ring.ts';
import { createProvider } from './provider.ts';
import { ProviderCache } from './provider-cache.ts';
import { oauthRouter } from './router.ts';
import { StructuredTokens } from './structured-tokens.ts';
import { completeResponse } from './token-response.ts';
import { type VerifyAccessToken, verifyAccessToken } from './verify-access-token.ts';

export interface AuthorizationServerParts {
  readonly db: Queryable;
  readonly secrets: Secrets;
  /** At which clients reach the server, without a slash at the end: the issuer. */
  readonly baseUrl: string;
  readonly fhirBase: string;
  /** Whether the clients with known secrets exist. */
  readonly demo: boolean;
  readonly clock: Clock;
  /** Fetches key sets of clients, from allowed origins only (src/egress/web-fetch.ts). */
  readonly fetch: (address: string, init: RequestInit) => Promise<Response>;
  /** Faults of scopes about resources, in words (src/access/scopes.ts). */
  readonly scopeFaults: (scopes: string) => readonly string[];
  readonly choice: PatientChoice;
  /** Whether a sign-in has not been ended. @param session its id, as in SignedIn */
  readonly sessionStands: (session: string) => Promise<boolean>;
  /** The name of a Practitioner or Patient. @param reference such as `Practitioner/x` */
  readonly nameOf: (reference: string) => Promise<string>;
  /** Who calls, where more than access tokens tells it (a session of Svar's own pages); verifyAccessToken if not given. */
  readonly identify?: (request: IncomingMessage) => Promise<Identity | undefined>;
  /** From which address a request comes; that of its connection where not given. */
  readonly addressOf?: (request: IncomingMessage) => string;
  /** A client or a token was not what it said: the audit counts them. */
  readonly refused: () => void;
  /** What clients are not told: why something was refused. */
  readonly log: Record<'info' | 'error', (details: object, message: string) => void>;
}

export interface AuthorizationServer extends Interactions {
  /** Every endpoint: /oauth2/…, /.well-known/…, and the page of consent below SIGN_IN_PATH. Mounted at the root. */
  readonly router: Router;
  readonly verifyAccessToken: VerifyAccessToken;
  readonly clientRegistration: ClientDirectory;
  /** Origins of registered clients, whose pages may call FHIR (CORS). */
  readonly allowsOrigin: AllowsOrigin;
  /** A code for somebody who signed in without a redirect, as MedplumClient does. */
  readonly issueCode: IssueCode;
  /** Deletes what is past its time; done now and then anyway, while tokens are asked for. */
  clean(): Promise<void>;
}

const CLEAN_EVERY_MS = 600_000;
/** RFC 6749, section 5.2: a wrong secret or assertion; a wrong, old or stolen code or refresh token. */
const NOT_AS_SAID = ['invalid_client', 'invalid_grant'];

/** docs/decisions/0052-oauth.md */
export function createAuthorizationServer(parts: AuthorizationServerParts): AuthorizationServer {
  const { db, secrets, baseUrl, fhirBase, demo, clock } = parts;
  const now = () => clock.now().getTime();
  const clients = clientDirectory(db, builtInClients({ demo, baseUrl }), now);
  const keys = new KeyRing(db, secrets, now);
  const tokens = new AccessTokens({ db, secrets, keys, clients, issuer: baseUrl, audience: fhirBase, now });
  const structured = new StructuredTokens(tokens, baseUrl);
  const cookies = signInCookies({ secure: baseUrl.startsWith('https:') });
  const common = { ...parts, clients, cookies, now };
  const clean = () => deleteExpired(db, now());
  let cleaned = now();
  const cleanNowAndThen = (): void => {
    if (Math.abs(now() - cleaned) < CLEAN_EVERY_MS) return;
    cleaned = now();
    clean().catch((problem: Error) => parts.log.error({ kind: problem.name }, 'expired tokens were not deleted'));
  };
  const providers = new ProviderCache(keys, (current) => {
    const provider = createProvider(common, current);
    provider.on('access_token.issued', cleanNowAndThen);
    provider.on('client_credentials.issued', cleanNowAndThen);
    provider.on('interaction.started', cleanNowAndThen);
    completing(provider, structured, {
      clients,
      nameOf: parts.nameOf,
      grantOf: (id) => storedGrant(db, secrets, id, now()),
    });
    const refusedBy =
      (endpoint: string) =>
      ({ oidc }: KoaContextWithOIDC, { error, error_detail: detail }: errors.OIDCProviderError): void => {
        parts.log.info({ client: oidc.client?.clientId, error, detail }, `refused: ${endpoint}`);
        if (NOT_AS_SAID.includes(error)) parts.refused();
      };
    provider.on('grant.error', refusedBy('a request for a token'));
    provider.on('authorization.error', refusedBy('an authorization request'));
    provider.on('introspection.error', refusedBy('an introspection'));
    provider.on('revocation.error', refusedBy('a revocation'));
    provider.on('server_error', (_ctx, problem: Error) => {
      // a message may repeat what was sent; where it happened does not
      const at = problem.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
      parts.log.error({ kind: problem.name, at: at?.trim() }, 'the authorization server failed');
    });
    return provider;
  });
  const refused = (reason: string) => parts.log.info({ reason }, 'refused: an access token');
  const verify = verifyAccessToken({ db, tokens, baseUrl, now, refused });
  return {
    router: oauthRouter({ ...common, providers, structured, identify: parts.identify ?? verify }),
    verifyAccessToken: verify,
    clientRegistration: clients,
    allowsOrigin: allowedOrigins(db, now),
    issueCode: issueCode({ ...common, providers }),
    ...interactions({ ...common, providers }),
    clean,
  };
}

function completing(
  provider: Provider,
  structured: StructuredTokens,
  parts: Parameters<typeof completeResponse>[1],
): void {
  provider.use(async (ctx, next) => {
    await next();
    if (!understood(ctx)) return;
    const { route } = ctx.oidc;
    if (route === 'token') await completeResponse(ctx, parts);
    if (route === 'introspection' || route === 'revocation') await structured.answer(ctx);
  });
}

/** Whether a request reached one of the provider's endpoints. */
function understood(ctx: object): ctx is KoaContextWithOIDC {
  return 'oidc' in ctx;
}
