import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { type AccessToken, type AccessTokens, TokenFault } from './access-token.ts';

/**
 * Introspection (RFC 7662) and revocation (RFC 7009) of our access tokens. They are JWTs, which oidc-provider leaves to
 * others: it authenticates the client, with another token in the place of ours, and what it answers is completed here.
 */
export class StructuredTokens {
  readonly #asked = new WeakMap<IncomingMessage, string>();
  readonly #tokens: AccessTokens;
  readonly #issuer: string;

  constructor(tokens: AccessTokens, issuer: string) {
    this.#tokens = tokens;
    this.#issuer = issuer;
  }

  /** Takes a JWT out of a form. */
  taken(form: URLSearchParams, request: IncomingMessage): URLSearchParams {
    const [token = '', ...more] = form.getAll('token');
    if (more.length > 0 || token.split('.').length !== 3) return form;
    const made = new URLSearchParams(form);
    made.set('token', randomUUID());
    this.#asked.set(request, token);
    return made;
  }

  /** Answers for the JWT where the client has been authenticated. */
  async answer(ctx: KoaContextWithOIDC): Promise<void> {
    const { Client: client } = ctx.oidc.entities;
    if (ctx.status !== 200 || client === undefined) return;
    if (ctx.oidc.route === 'introspection' && client.clientAuthMethod === 'none') {
      // RFC 7662, section 2.1: whoever asks must be authorized, and a public client is anybody
      ctx.status = 401;
      ctx.set('www-authenticate', 'Basic');
      ctx.body = { error: 'invalid_client' };
      return;
    }
    const token = await this.#understood(ctx.req);
    // what other clients' tokens are is not told, not even that they are
    if (token === undefined || token.client !== client.clientId) return;
    if (ctx.oidc.route === 'introspection') ctx.body = this.#described(token);
    else await this.#tokens.revoke(token);
  }

  async #understood(request: IncomingMessage): Promise<AccessToken | undefined> {
    const token = this.#asked.get(request);
    if (token === undefined) return undefined;
    return this.#tokens.understood(token).catch((problem: unknown) => {
      if (problem instanceof TokenFault) return undefined;
      throw problem;
    });
  }

  #described({ client, subject, jti, issuedAt, expires, scope, thumbprint, identity, audience }: AccessToken) {
    const { patient, fhirUser } = identity;
    return {
      active: true,
      client_id: client,
      sub: subject,
      jti,
      iat: issuedAt,
      exp: expires,
      iss: this.#issuer,
      aud: audience,
      token_type: thumbprint === undefined ? 'Bearer' : 'DPoP',
      ...(scope !== undefined && { scope }),
      ...(thumbprint !== undefined && { cnf: { jkt: thumbprint } }),
      ...(patient !== undefined && { patient }),
      ...(fhirUser !== undefined && { fhirUser: `${audience}/${fhirUser}` }),
    };
  }
}
