/** Who has shown who they are, and by what; not yet what they may do: callerOf() in src/identity/caller-of.ts tells. */
export interface Identity {
  /** A person with an account or from an identity provider, or a system with a key or secret of its own. */
  readonly kind: 'person' | 'system';
  /** The account's id, or the OAuth client's; never a name or a number of a person. */
  readonly subject: string;
  /** The OAuth client through which they act; `svar` for Svar's own pages. */
  readonly client: string;
  /** `Practitioner/x` or `Patient/x`: who the person is here; absent for systems. */
  readonly fhirUser?: string;
  /** The id of the PractitionerRole that is active; a person who holds several chose this one. */
  readonly role?: string;
  /** SMART scopes that were granted, separated by blanks; undefined: all that the role may do. */
  readonly scope?: string;
  /** The id of the Patient in launch context: `patient/` scopes are about this patient. */
  readonly patient?: string;
  /** The single order (id of a Task) that a personal link opens; undefined where they came another way. */
  readonly order?: string;
  readonly strength: Strength;
  /** Of the sign-in; signing out ends every token that came of it, but those that were given beyond it (`offline_access`). */
  readonly session: string;
}

/**
 * How sure it is: `link` a personal link alone, `password` one factor, `two-factor`, `federated` as the upstream
 * provider vouches for (eIDAS substantial or high; HelseID and ID-porten security level 3 or 4), `key` a system's own key,
 * `secret` a system's shared secret.
 */
export type Strength = 'link' | 'password' | 'two-factor' | 'federated' | 'key' | 'secret';
