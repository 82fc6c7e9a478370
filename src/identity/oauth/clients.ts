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
}
