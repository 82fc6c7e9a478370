import type { PasswordFault } from './password-rules.ts';

/** Why a sign-in does not go on, for the person: pages and clients find words for it (src/identity/pages/words). */
export type RefusalReason =
  /** Name or password is wrong: which one is not told. */
  | { readonly kind: 'credentials' }
  /** Too many attempts; `wait_ms` undefined: until a coordinator or operator unlocks the account. */
  | { readonly kind: 'wait'; readonly wait_ms: number | undefined }
  /** An operator or coordinator has locked the account; told only to who knows the password. */
  | { readonly kind: 'locked' }
  /** The code is wrong, was used before, or has run out. */
  | { readonly kind: 'code' }
  /** The sign-in took too long, had too many wrong codes, or was ended: begin anew. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'password'; readonly fault: PasswordFault };

/** A sign-in that is refused; holds nothing of what was typed. */
export class SignInRefused extends Error {
  override readonly name = 'SignInRefused';
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason) {
    super(reason.kind);
    this.reason = reason;
  }
}
