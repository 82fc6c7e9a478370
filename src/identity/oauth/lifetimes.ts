/** How long things of the authorization server live, in seconds. */
export const LIFETIMES = {
  accessToken: 600,
  /** SMART App Launch 2.2, "Backend Services": at most five minutes. */
  systemAccessToken: 300,
  authorizationCode: 60,
  idToken: 600,
  /** From the request to the answer of whoever signs in. */
  interaction: 1800,
  /** A working day; ended by signing out. */
  online: 12 * 3600,
  /** `offline_access`; ended by nothing but its revocation. */
  offline: 30 * 24 * 3600,
  /** Of an assertion by which a client proves itself, from now on. */
  assertionMax: 300,
  clockTolerance: 10,
} as const;

export function grantLifetime(scope: string | undefined): number {
  return scope?.split(' ').includes('offline_access') ? LIFETIMES.offline : LIFETIMES.online;
}
