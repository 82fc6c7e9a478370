import { exportJWK, importJWK } from 'jose';
import * as client from 'openid-client';
import type { GuardedFetch } from '../../egress/guarded-fetch.ts';
import { webFetch } from '../../egress/web-fetch.ts';
import type { Claims } from './claims.ts';
import type { IdentityProvider } from './identity-provider.ts';
import type { PendingSignIn } from './pending-sign-ins.ts';
import type { ProviderKey } from './provider-key.ts';
import { UpstreamRefused } from './upstream-refused.ts';

/** A sign-in that begins: where the browser goes, and what to keep until it comes back. */
export interface BegunSignIn {
  readonly address: URL;
  readonly state: string;
  readonly pending: Omit<PendingSignIn, 'returnTo' | 'anew'>;
}

export interface ProvenSignIn {
  readonly claims: Claims;
  readonly idToken: string;
}

/** How long a discovery document is believed: keys and endpoints of a provider change rarely. */
const DISCOVERY_MS = 3_600_000;
const DPOP_ALGORITHM = 'ES256';
const ACCEPT = ['application/json', 'application/jwt', 'application/jwk-set+json'];

/**
 * Svar as a client of one provider: the code flow with PKCE (RFC 7636), state, nonce, private_key_jwt, and as configured
 * pushed requests (RFC 9126) and DPoP (RFC 9449). openid-client checks the id_token (OpenID Connect Core 1.0, 3.1.3.7), its
 * signature included, and the issuer of the answer (RFC 9207).
 */
export class RelyingParty {
  readonly provider: IdentityProvider;
  readonly #key: ProviderKey;
  readonly #redirectUri: string;
  readonly #fetch: client.CustomFetch;
  #discovered: { readonly at: number; readonly configuration: Promise<client.Configuration> } | undefined;

  /** @param redirectUri where the provider sends the browser back to: another one for each provider (RFC 9700, 4.4.2) */
  constructor(provider: IdentityProvider, key: ProviderKey, redirectUri: string, guarded: GuardedFetch) {
    this.provider = provider;
    this.#key = key;
    this.#redirectUri = redirectUri;
    this.#fetch = webFetch(guarded, { accept: ACCEPT });
  }

  /**
   * @param anew whether the provider is to ask for a sign-in also where the person is signed in there
   * @throws UpstreamRefused `unavailable`
   */
  async begin(languages: string, anew = false): Promise<BegunSignIn> {
    const { scopes, acrValues, authorizationDetails, pushedRequests, dpop } = this.provider;
    const configuration = await this.#configuration();
    const keys = dpop ? await client.randomDPoPKeyPair(DPOP_ALGORITHM, { extractable: true }) : undefined;
    const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
    const parameters = {
      redirect_uri: this.#redirectUri,
      scope: scopes.join(' '),
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ui_locales: languages,
      ...(anew && { prompt: 'login' }),
      ...(acrValues.length > 0 && { acr_values: acrValues.join(' ') }),
      ...(authorizationDetails !== undefined && { authorization_details: JSON.stringify(authorizationDetails) }),
    };
    const options = keys && { DPoP: client.getDPoPHandle(configuration, keys) };
    const address = pushedRequests
      ? await this.#asked(() => client.buildAuthorizationUrlWithPAR(configuration, parameters, options))
      : client.buildAuthorizationUrl(configuration, parameters);
    const key = keys && (await exportJWK(keys.privateKey));
    return { address, state, pending: { provider: this.provider.id, nonce, verifier, dpop: key } };
  }

  /**
   * Exchanges what the browser brought back for claims.
   * @param query the query of the address at which it came back
   * @throws UpstreamRefused
   */
  async finish(query: string, state: string, pending: BegunSignIn['pending']): Promise<ProvenSignIn> {
    const configuration = await this.#configuration();
    const keys = pending.dpop && (await keyPairOf(pending.dpop));
    const options = keys && { DPoP: client.getDPoPHandle(configuration, keys) };
    const address = new URL(this.#redirectUri);
    address.search = query;
    const tokens = await this.#proven(() =>
      client.authorizationCodeGrant(
        configuration,
        address,
        {
          expectedState: state,
          expectedNonce: pending.nonce,
          pkceCodeVerifier: pending.verifier,
          idTokenExpected: true,
        },
        undefined,
        options,
      ),
    );
    const claims = tokens.claims();
    if (claims === undefined || tokens.id_token === undefined) {
      throw new UpstreamRefused('not-trusted', 'there is no id_token');
    }
    if (keys !== undefined && tokens.token_type !== 'dpop') {
      throw new UpstreamRefused('not-trusted', 'the tokens are not bound to the key');
    }
    if (!this.provider.userinfo) return { claims, idToken: tokens.id_token };
    const more = await this.#proven(() =>
      client.fetchUserInfo(configuration, tokens.access_token, claims.sub, options),
    );
    // what the signed token says wins
    return { claims: { ...more, ...claims }, idToken: tokens.id_token };
  }

  /** Where the browser signs out at the provider (RP-Initiated Logout 1.0); undefined where it offers none. */
  async signOutAddress(idToken: string, backTo: string): Promise<URL | undefined> {
    const configuration = await this.#configuration();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
    return client.buildEndSessionUrl(configuration, { id_token_hint: idToken, post_logout_redirect_uri: backTo });
  }

  /** Discovered when it is first needed, so that a provider that is away does not keep the server from starting. */
  #configuration(): Promise<client.Configuration> {
    const now = performance.now();
    if (this.#discovered === undefined || now - this.#discovered.at > DISCOVERY_MS) {
      const configuration = this.#asked(() => this.#discover());
      this.#discovered = { at: now, configuration };
      configuration.catch(() => {
        this.#discovered = undefined;
      });
    }
    return this.#discovered.configuration;
  }

  async #discover(): Promise<client.Configuration> {
    const { issuer, clientId, assertionType, pushedRequests } = this.provider;
    const authentication = client.PrivateKeyJwt(
      { key: this.#key.key, ...(this.#key.kid !== undefined && { kid: this.#key.kid }) },
      {
        [client.modifyAssertion](header) {
          if (assertionType !== undefined) header.typ = assertionType;
        },
      },
    );
    // the list of origins decides: http is on it for this machine alone
    const insecure = issuer.startsWith('http:') ? [client.allowInsecureRequests] : [];
    const found = await client.discovery(new URL(issuer), clientId, {}, authentication, {
      [client.customFetch]: this.#fetch,
      execute: [...insecure, client.enableNonRepudiationChecks],
    });
    const told = found.serverMetadata();
    if (told.issuer !== issuer) throw new UpstreamRefused('unavailable', 'the provider names another issuer');
    if (pushedRequests && told.pushed_authorization_request_endpoint === undefined) {
      throw new UpstreamRefused('unavailable', 'the provider takes no pushed requests');
    }
    return found;
  }

  /** A question of which the person knows nothing yet: whatever fails, the provider is not available. */
  #asked<T>(question: () => Promise<T>): Promise<T> {
    return this.#told(question, () => 'unavailable');
  }

  #proven<T>(question: () => Promise<T>): Promise<T> {
    return this.#told(question, (problem) => {
      if (problem instanceof client.AuthorizationResponseError) {
        return problem.error === 'access_denied' ? 'cancelled' : 'unavailable';
      }
      return problem instanceof client.ResponseBodyError && problem.status >= 500 ? 'unavailable' : 'not-trusted';
    });
  }

  async #told<T>(question: () => Promise<T>, reason: (problem: unknown) => UpstreamRefused['reason']): Promise<T> {
    try {
      return await question();
    } catch (problem) {
      if (problem instanceof UpstreamRefused) throw problem;
      throw new UpstreamRefused(reason(problem), `${this.provider.id}: ${wordOf(problem)}`);
    }
  }
}

/** A code, never a message: messages of libraries and of providers may quote what they were given. */
function wordOf(problem: unknown): string {
  if (typeof problem !== 'object' || problem === null) return 'failed';
  const { error, code, name, cause } = problem as { error?: unknown; code?: unknown; name?: unknown; cause?: unknown };
  const words = [error, code, name].filter(
    (word): word is string => typeof word === 'string' && /^[\w-]{1,60}$/.test(word),
  );
  const inner = cause instanceof Error ? ` (${wordOf(cause)})` : '';
  return `${words[0] ?? 'failed'}${inner}`;
}

async function keyPairOf(jwk: NonNullable<PendingSignIn['dpop']>) {
  const { d: _, ...open } = jwk;
  const [privateKey, publicKey] = await Promise.all([
    importJWK(jwk, DPOP_ALGORITHM, { extractable: false }),
    importJWK(open, DPOP_ALGORITHM, { extractable: true }),
  ]);
  if (privateKey instanceof Uint8Array || publicKey instanceof Uint8Array) throw new TypeError('no key pair');
  return { privateKey, publicKey };
}
