import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { errors, Provider } from 'oidc-provider';

/** Who signs in at the provider, and what it says of them. */
export interface UpstreamUser {
  readonly sub: string;
  readonly acr: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface UpstreamClient {
  readonly clientId: string;
  /** The client's public key, with alg and kid. */
  readonly publicKey: JWK;
  readonly redirectUri: string;
  readonly signedOutUri: string;
}

export interface UpstreamRules {
  /** `typ` that the header of a client assertion must have; anything where not given. */
  readonly assertionType?: string;
  readonly dpop: boolean;
  /** Whether requests must carry authorization_details. */
  readonly authorizationDetails?: boolean;
  /** acr_values that a request must ask for; anything where not given. */
  readonly acr?: readonly string[];
  /** Claims by scope. */
  readonly scopes: Readonly<Record<string, readonly string[]>>;
}

export interface UpstreamProvider {
  readonly issuer: string;
  /** Who signs in next; undefined: they go back without having signed in. */
  user: UpstreamUser | undefined;
  /** What a dishonest provider makes of the claims of an id_token, which it signs. */
  tamper: ((claims: Record<string, unknown>) => Record<string, unknown>) | undefined;
  /** What a dishonest provider makes of the answer of its token endpoint. */
  tamperAnswer: ((answer: Record<string, unknown>) => Record<string, unknown>) | undefined;
  /** The key by which it signs tampered id_tokens: another than its own where given. */
  forgeWith: JWK | undefined;
  /** The parameters of the last authorization request, as the provider understood them. */
  lastRequest: Readonly<Record<string, unknown>> | undefined;
  close(): Promise<void>;
}

const ALG = 'RS256';

/**
 * An OpenID provider on this machine that enforces what HelseID and ID-porten do: pushed requests (RFC 9126), PKCE with
 * S256, private_key_jwt (with a `typ` of its header), DPoP (RFC 9449), authorization_details, levels of assurance.
 */
export async function upstreamProvider(
  rules: UpstreamRules,
  clientOf: (issuer: string) => UpstreamClient,
): Promise<UpstreamProvider> {
  const late: { handle?: ReturnType<Provider['callback']> } = {};
  const server = createServer((request, response) => void late.handle?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair(ALG, { extractable: true });
  const signing: JWK = { ...(await exportJWK(privateKey)), kid: 'provider', alg: ALG, use: 'sig' };
  const client = clientOf(issuer);
  const state: UpstreamProvider = {
    issuer,
    user: undefined,
    tamper: undefined,
    tamperAnswer: undefined,
    forgeWith: undefined,
    lastRequest: undefined,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const provider = new Provider(issuer, {
    jwks: { keys: [signing] },
    clients: [
      {
        client_id: client.clientId,
        redirect_uris: [client.redirectUri],
        post_logout_redirect_uris: [client.signedOutUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: client.publicKey.alg as 'PS256',
        jwks: { keys: [client.publicKey] },
        dpop_bound_access_tokens: rules.dpop,
      },
    ],
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: true },
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
      rpInitiatedLogout: { enabled: true },
      userinfo: { enabled: true },
      resourceIndicators: { enabled: false },
    },
    pkce: { required: () => true },
    acrValues: [...(rules.acr ?? [])],
    conformIdTokenClaims: false,
    scopes: Object.keys(rules.scopes),
    claims: {
      openid: ['sub'],
      acr: null,
      ...Object.fromEntries(Object.entries(rules.scopes).map(([k, v]) => [k, [...v]])),
    },
    cookies: { keys: ['a test'] },
    extraParams: {
      authorization_details(ctx, value) {
        const params = ctx.oidc.params ?? {};
        if (rules.authorizationDetails === true && (value === undefined || !Array.isArray(JSON.parse(value)))) {
          throw new errors.InvalidRequest('authorization_details are required');
        }
        const asked = String(params.acr_values ?? '').split(' ');
        if (rules.acr !== undefined && !asked.some((one) => rules.acr?.includes(one))) {
          throw new errors.InvalidRequest('acr_values are required');
        }
        state.lastRequest = { ...params, authorization_details: value };
      },
    },
    assertJwtClientAuthClaimsAndHeader: async (ctx, claims, header) => {
      if (rules.assertionType !== undefined && header.typ !== rules.assertionType) {
        throw new errors.InvalidClientAuth('another typ is required');
      }
      if (claims.aud !== ctx.oidc.issuer) throw new errors.InvalidClientAuth('another audience is required');
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: async () => ({ sub, ...state.user?.claims }) }),
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
  });
  provider.use(async (ctx, next) => {
    if (ctx.path.startsWith('/interaction/')) {
      const { params } = await provider.interactionDetails(ctx.req, ctx.res);
      const { user } = state;
      if (user === undefined) {
        await provider.interactionFinished(ctx.req, ctx.res, { error: 'access_denied' });
      } else {
        const grant = new provider.Grant({ accountId: user.sub, clientId: String(params.client_id) });
        grant.addOIDCScope(String(params.scope));
        const consent = { grantId: await grant.save() };
        const login = { accountId: user.sub, acr: user.acr, remember: false };
        await provider.interactionFinished(ctx.req, ctx.res, { login, consent });
      }
      ctx.respond = false;
      return;
    }
    await next();
    const answer = ctx.body as Record<string, unknown> | undefined;
    if (ctx.path === '/token' && typeof answer?.id_token === 'string') {
      if (state.tamper !== undefined || state.forgeWith !== undefined) {
        const claims = JSON.parse(`${Buffer.from(answer.id_token.split('.')[1] ?? '', 'base64url')}`) as Record<
          string,
          unknown
        >;
        const header = { alg: ALG, kid: 'provider' };
        const key = await importJWK(state.forgeWith ?? signing, ALG);
        answer.id_token = await new SignJWT(state.tamper?.(claims) ?? claims).setProtectedHeader(header).sign(key);
      }
      ctx.body = state.tamperAnswer?.(answer) ?? answer;
    }
  });
  late.handle = provider.callback();
  return state;
}

/**
 * What a browser does at the provider: follows its redirects, with its cookies, until it is sent elsewhere.
 * @returns the address to which the provider sends it
 */
export async function signInAtProvider(address: string, elsewhere: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let next = address;
  for (let hops = 0; hops < 10; hops += 1) {
    const answer = await fetch(next, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const set of answer.headers.getSetCookie()) {
      const [pair = ''] = set.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`);
    const url = new URL(location, next);
    if (url.href.startsWith(elsewhere)) return url;
    next = url.href;
  }
  throw new Error('the provider redirects without end');
}
