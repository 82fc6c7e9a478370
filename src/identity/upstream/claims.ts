import type { IdentityProvider } from './identity-provider.ts';

/** What a provider says of somebody: verified, not yet looked at. */
export type Claims = Readonly<Record<string, unknown>>;

/** An identifier as a FHIR search finds it. */
export interface ClaimedIdentifier {
  readonly systems: readonly string[];
  readonly value: string;
}

/** Numbers, pseudonyms in base64, names of directories: nothing that means something in a search. */
const VALUE = /^[A-Za-z0-9+/=_.:-]{1,200}$/;

/** The claim that is required and not met; undefined where all are. */
export function unmetRequirement(claims: Claims, { require }: IdentityProvider): string | undefined {
  return Object.keys(require).find((name) => {
    const value = textOf(claims, name);
    return value === undefined || require[name]?.includes(value) !== true;
  });
}

/** By which identifier the person is known; undefined where no claim tells. */
export function claimedPerson(claims: Claims, { person }: IdentityProvider): ClaimedIdentifier | undefined {
  for (const { claim, systems } of person) {
    const value = textOf(claims, claim);
    if (value !== undefined) return VALUE.test(value) ? { systems, value } : undefined;
  }
  return undefined;
}

/** For which organization they have signed in; undefined where neither claim nor configuration tells. */
export function claimedOrganization(claims: Claims, { organization }: IdentityProvider): ClaimedIdentifier | undefined {
  for (const source of organization) {
    const value = 'value' in source ? source.value : textOf(claims, source.claim);
    if (value !== undefined) return VALUE.test(value) ? { systems: [source.system], value } : undefined;
  }
  return undefined;
}

/** A claim's value as text: own properties alone, a number as its digits. */
function textOf(claims: Claims, name: string): string | undefined {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' ? value : undefined;
}
