import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { isResourceScope, scopeList } from '../../access/scopes.ts';
import type { ClientDirectory } from './client-directory.ts';
import { authMethodOf, type ClientRegistration } from './clients.ts';
import { grantedScopes } from './granted-scopes.ts';
import { LIFETIMES } from './lifetimes.ts';
import { ACCESS_TOKEN_ALGORITHM } from './signing-keys.ts';

interface ResourceServerParts {
  readonly clients: ClientDirectory;
  readonly fhirBase: string;
  readonly scopeFaults: (scopes: string) => readonly string[];
}

type ResourceIndicators = NonNullable<NonNullable<Configuration['features']>['resourceIndicators']>;

/**
 * The one resource server: our FHIR base (RFC 8707; SMART calls it `aud`). Here it is decided for every token, whatever
 * way it is asked for, which scopes it may hold: only such as the client's registration allows today.
 */
export function resourceServers({ clients, fhirBase, scopeFaults }: ResourceServerParts): ResourceIndicators {
  return {
    enabled: true,
    defaultResource: (ctx) => resourceAsked(ctx, fhirBase),
    useGrantedResource: async () => true,
    getResourceServerInfo: async (ctx, resource, client) => {
      const registration = await clients(client.clientId);
      resourceAsked(ctx, fhirBase);
      if (resource !== fhirBase || registration === undefined) throw new errors.InvalidTarget();
      const asked = scopesAsked(ctx).filter(isResourceScope);
      const { scopes } = grantedScopes(asked.join(' '), registration);
      const [fault] = scopeFaults(asked.join(' '));
      const [refused] = asked.filter((scope) => !scopes.includes(scope));
      if (fault !== undefined || refused !== undefined) {
        throw new errors.InvalidScope(fault ?? 'requested scope is not allowed', refused ?? '');
      }
      return {
        scope: asked.join(' '),
        audience: fhirBase,
        // MedplumClient takes a token for run out five minutes before its end: a system with a secret needs longer ones
        accessTokenTTL: hasKeys(registration) ? LIFETIMES.systemAccessToken : LIFETIMES.accessToken,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: ACCESS_TOKEN_ALGORITHM } },
      };
    },
  };
}

/** SMART App Launch 2.2, "Request authorization code": `aud` is the FHIR base; an app that launches must say it. */
function resourceAsked(ctx: KoaContextWithOIDC, fhirBase: string): string {
  const { aud, scope } = ctx.oidc.params ?? {};
  if (typeof aud === 'string' && aud !== '') {
    if (aud !== fhirBase && aud !== `${fhirBase}/`)
      throw new errors.InvalidTarget('aud is not the FHIR base of this server');
    return fhirBase;
  }
  const words = ctx.oidc.route === 'token' ? [] : scopeList(typeof scope === 'string' ? scope : '');
  if (words.some((word) => word === 'launch' || word.startsWith('launch/') || word.startsWith('patient/'))) {
    throw new errors.InvalidTarget('aud is missing');
  }
  return fhirBase;
}

/** What this request asks for, or what its code or refresh token was given. */
function scopesAsked({ oidc }: KoaContextWithOIDC): string[] {
  const { AuthorizationCode: code, RefreshToken: refresh } = oidc.entities;
  const asked = oidc.params?.scope;
  const text = typeof asked === 'string' && asked !== '' ? asked : (code?.scope ?? refresh?.scope ?? '');
  return [...new Set(scopeList(text))];
}

/** A system of SMART Backend Services. */
function hasKeys(registration: ClientRegistration): boolean {
  return registration.kind === 'system' && authMethodOf(registration) === 'private_key_jwt';
}
