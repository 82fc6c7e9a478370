/**
 * An OpenID provider that tells who somebody is: HelseID, ID-porten, a hospital's own. All that is particular to it is
 * configuration; docs/identity-providers.md shows two.
 */
export interface IdentityProvider {
  /** Its name in addresses: letters, digits and hyphens. */
  readonly id: string;
  readonly purpose: 'staff' | 'patient';
  /** What its button says, by BCP 47 tag; `nb` at least. */
  readonly label: Readonly<Record<string, string>>;
  /** As its discovery document names it, character by character. */
  readonly issuer: string;
  readonly clientId: string;
  /** File of the private JWK by which Svar authenticates (private_key_jwt, RFC 7523). */
  readonly keyFile: string;
  /** `typ` of the client assertion's header; HelseID asks for `client-authentication+jwt`. */
  readonly assertionType: string | undefined;
  readonly scopes: readonly string[];
  /** Demonstrating proof of possession, RFC 9449. */
  readonly dpop: boolean;
  /** Requests are pushed (RFC 9126) unless the provider cannot. */
  readonly pushedRequests: boolean;
  readonly acrValues: readonly string[];
  /** RFC 9396; undefined: none. */
  readonly authorizationDetails: readonly Readonly<Record<string, unknown>>[] | undefined;
  /** Claims that must have one of these values, such as the level of assurance; without one nobody gets in. */
  readonly require: Readonly<Record<string, readonly string[]>>;
  /** Claims that name the person, each an identifier of a Practitioner or a Patient; the first that is there decides. */
  readonly person: readonly IdentifyingClaim[];
  /** For staff: for which hospital somebody has signed in; roles elsewhere are not theirs in this session. */
  readonly organization: readonly OrganizationSource[];
  /** Whether the userinfo endpoint is asked for claims beside those of the id_token. */
  readonly userinfo: boolean;
}

export interface IdentifyingClaim {
  readonly claim: string;
  /** Identifier.system, one or several under which the same number may stand. */
  readonly systems: readonly string[];
}

/** An Organization's identifier: by a claim, or fixed where the request itself says for whom (`authorizationDetails`). */
export type OrganizationSource =
  | { readonly claim: string; readonly system: string }
  | { readonly value: string; readonly system: string };

export const PROVIDERS_MAX = 50;
