import type { Account } from './account.ts';

/** One of the person's roles, to choose from: the id of a PractitionerRole and what people read. */
export interface RoleChoice {
  readonly id: string;
  /** As «Lokal koordinator, SmerteReg, Haukeland universitetssjukehus». */
  readonly title: string;
}

/** What a sign-in under way knows of itself. */
export interface SignInState {
  readonly second: boolean;
  readonly renew: boolean;
  readonly role: string | undefined;
}

/** What the person has to do next. */
export type Step =
  | { readonly kind: 'code'; readonly by: 'totp' | 'message' }
  /** A second factor is demanded and there is none: an authenticator app is to be added. */
  | { readonly kind: 'enrol' }
  | { readonly kind: 'new-password' }
  | { readonly kind: 'role'; readonly roles: readonly RoleChoice[] }
  | { readonly kind: 'done' };

/**
 * What comes next. Second factor first: who has only stolen a password neither changes it nor learns of roles.
 *
 * @param required whether everybody must have a second factor; who has an authenticator app is asked for it anyhow
 * @param roles the active roles of the person; none for patients
 */
export function nextStep(
  account: Pick<Account, 'totp' | 'mobile'>,
  { second, renew, role }: SignInState,
  required: boolean,
  roles: readonly RoleChoice[],
): Step {
  if (!second) {
    if (account.totp) return { kind: 'code', by: 'totp' };
    if (required) return account.mobile ? { kind: 'code', by: 'message' } : { kind: 'enrol' };
  }
  if (renew) return { kind: 'new-password' };
  if (roles.length > 1 && !roles.some(({ id }) => id === role)) return { kind: 'role', roles };
  return { kind: 'done' };
}
