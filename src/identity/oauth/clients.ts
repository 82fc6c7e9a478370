import type { JSONWebKeySet } from 'jose';

/** A program that may ask for tokens, as an operator registered it; there is no other way to be registered. */
export interface ClientRegistration {
  readonly id: string;
  /** What people read on the page of consent. */
  readonly name: string;
  /** `system` acts for itself (SMART Backend Services, an EHR system's feed); `app` for a person who signs in. */
  readonly kind: 'system' | 'app';
  /** Scopes that it may be given, SMART's or OpenID's; `*`: whatever its policy or its user's role allows. Empty: none. */
  readonly scopes: readonly string[];
  /** Of a system: the name of its policy in fhir/policies, such as `ehr` or `admin`. */
  readonly policy?: string;
  /** Of a system: the hospital for which it works, as `Organization/x`. */
  readonly organization?: string;
  readonly openReferences: boolean;
  readonly lenientSearch: boolean;
  /** Compared letter by letter (RFC 9700, section 4.1.3). */
  readonly redirectUris: readonly string[];
  /** Where an EHR system opens the app. */
  readonly launchUri?: string;
  /** People are not asked whether they agree: a hospital's own app. */
  readonly preapproved: boolean;
  /** Origins whose pages may call; those of the redirect URIs may ask for tokens anyway. */
  readonly corsOrigins: readonly string[];
  /** Its public keys, given or to be fetched; it proves itself by them. */
  readonly jwks?: JSONWebKeySet;
  readonly jwksUri?: string;
  /** SHA-256 of its secret, in hexadecimal; a client with neither keys nor secret is public. */
  readonly secretHash?: string;
}

/** How a client proves who it is at the token endpoint (RFC 7591, section 2). */
export function authMethodOf(client: ClientRegistration): 'private_key_jwt' | 'client_secret_basic' | 'none' {
  if (client.jwks !== undefined || client.jwksUri !== undefined) return 'private_key_jwt';
  return client.secretHash === undefined ? 'none' : 'client_secret_basic';
}

/** Whether it is bound by no scopes of its own: its user's role, or its own policy, says all. */
export function isUnrestricted(client: ClientRegistration): boolean {
  return client.scopes.includes('*');
}
