import type { AllClientMetadata } from 'oidc-provider';
import { originsOf } from './allowed-origins.ts';
import { authMethodOf, type ClientRegistration } from './clients.ts';

/** The member of oidc-provider's client that holds the origins whose pages may ask for tokens. */
export const CORS_ORIGINS = 'svar_cors_origins';

/** A registration in oidc-provider's words (RFC 7591, section 2). */
export function clientMetadata(client: ClientRegistration): AllClientMetadata {
  const isApp = client.kind === 'app';
  return {
    client_id: client.id,
    client_name: client.name,
    application_type: 'web',
    grant_types: isApp ? ['authorization_code', 'refresh_token'] : ['client_credentials'],
    response_types: isApp ? ['code'] : [],
    redirect_uris: [...client.redirectUris],
    token_endpoint_auth_method: authMethodOf(client),
    // the hash: compareClientSecret() hashes what it is given
    ...(client.secretHash !== undefined && { client_secret: client.secretHash }),
    ...(client.jwks !== undefined && { jwks: client.jwks as AllClientMetadata['jwks'] }),
    ...(client.jwksUri !== undefined && { jwks_uri: client.jwksUri }),
    [CORS_ORIGINS]: originsOf(client),
  };
}
