import type { CapabilityStatementRestSecurity } from '@medplum/fhirtypes';
import { ASSERTION_ALGORITHMS, DPOP_ALGORITHMS, ROUTES } from './endpoints.ts';
import { WORD_SCOPES } from './granted-scopes.ts';

/**
 * SMART App Launch 2.2, "Conformance": what is told at `/.well-known/smart-configuration` of the FHIR base.
 * @param baseUrl of the server, without a slash at the end
 */
export function smartConfiguration(baseUrl: string): Readonly<Record<string, unknown>> {
  return {
    issuer: baseUrl,
    jwks_uri: baseUrl + ROUTES.jwks,
    authorization_endpoint: baseUrl + ROUTES.authorization,
    token_endpoint: baseUrl + ROUTES.token,
    introspection_endpoint: baseUrl + ROUTES.introspection,
    revocation_endpoint: baseUrl + ROUTES.revocation,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    dpop_signing_alg_values_supported: DPOP_ALGORITHMS,
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: [...WORD_SCOPES, 'patient/*.cruds', 'user/*.cruds', 'system/*.cruds'],
    capabilities: [
      'launch-ehr',
      'launch-standalone',
      'client-public',
      'client-confidential-symmetric',
      'client-confidential-asymmetric',
      'sso-openid-connect',
      'context-banner',
      'context-ehr-patient',
      'context-ehr-encounter',
      'context-standalone-patient',
      'permission-offline',
      'permission-online',
      'permission-patient',
      'permission-user',
      'permission-v1',
      'permission-v2',
    ],
  };
}

/** The extension and the service of a CapabilityStatement's `rest.security` (SMART App Launch 2.2, "Conformance"). */
export function restSecurity(baseUrl: string): CapabilityStatementRestSecurity {
  const uri = (url: string, path: string) => ({ url, valueUri: baseUrl + path });
  return {
    service: [
      {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' }],
        text: 'OAuth 2.1 by SMART App Launch 2.2',
      },
    ],
    extension: [
      {
        url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
        extension: [
          uri('authorize', ROUTES.authorization),
          uri('token', ROUTES.token),
          uri('introspect', ROUTES.introspection),
          uri('revoke', ROUTES.revocation),
        ],
      },
    ],
  };
}
