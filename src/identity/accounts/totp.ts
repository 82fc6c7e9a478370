import { Secret, TOTP } from 'otpauth';

/** RFC 6238, as every authenticator app has it: SHA-1, six digits, thirty seconds. */
const SHAPE = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const SECRET_BYTES = 20;
/** Time steps before and after now that are taken: clocks of telephones differ (RFC 6238, 5.2). */
const WINDOW = 1;
const ISSUER = 'Svar';

/** A new secret, base32. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** What an authenticator app reads: an `otpauth:` address, as QR code or link. */
export function totpUri(secret: string, login: string): string {
  return new TOTP({ ...SHAPE, issuer: ISSUER, label: login, secret: Secret.fromBase32(secret) }).toString();
}

/**
 * The time step that a code belongs to; undefined where it is wrong. A step may be used once: who asks notes it, and
 * refuses those that are not later (RFC 6238, 5.2).
 */
export function totpStep(secret: string, code: string, now: Date): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const totp = new TOTP({ ...SHAPE, secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token: code, timestamp: now.getTime(), window: WINDOW });
  return delta === null ? undefined : Math.floor(now.getTime() / 1000 / SHAPE.period) + delta;
}
