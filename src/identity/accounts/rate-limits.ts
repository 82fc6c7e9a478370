import { createHmac } from 'node:crypto';
import type pg from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Secrets } from '../../runtime/secrets.ts';

/** How often something may be done, by one address or for one account. */
export interface RateLimit {
  readonly name: string;
  readonly times: number;
  readonly within_s: number;
}

/** What sign-in allows. One address may be a whole hospital behind one proxy. */
export const signInLimits = {
  passwordsByAddress: { name: 'passwords by address', times: 100, within_s: 300 },
  codesByAccount: { name: 'codes to account', times: 5, within_s: 900 },
  forgottenByAddress: { name: 'forgotten passwords by address', times: 10, within_s: 3600 },
  forgottenByAccount: { name: 'forgotten passwords of account', times: 3, within_s: 3600 },
  newUsersByAddress: { name: 'new users by address', times: 20, within_s: 3600 },
} as const satisfies Record<string, RateLimit>;

/** Limits that all processes share: counts are rows of `rate_limit`. */
export interface RateLimits {
  /** Counts once more. @returns how many ms to wait; undefined where it may be done */
  exceeded(limit: RateLimit, who: string): Promise<number | undefined>;
}

/** The clock is the machine's: the library has no other. Expired rows are removed every five minutes. */
export function rateLimits(pool: pg.Pool, secrets: Secrets): RateLimits {
  const secret = secrets.key('rate limits');
  const limiters = new Map<string, RateLimiterPostgres>();
  const limiterOf = ({ name, times, within_s }: RateLimit): RateLimiterPostgres => {
    let limiter = limiters.get(name);
    if (limiter === undefined) {
      limiter = new RateLimiterPostgres({
        storeClient: pool,
        storeType: 'pool',
        tableName: 'rate_limit',
        tableCreated: true,
        keyPrefix: name,
        points: times,
        duration: within_s,
        clearExpiredByTimeout: limiters.size === 0,
      });
      limiters.set(name, limiter);
    }
    return limiter;
  };
  return {
    async exceeded(limit, who) {
      const key = createHmac('sha256', secret).update(who).digest('base64url');
      try {
        await limiterOf(limit).consume(key);
        return undefined;
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return Math.max(refusal.msBeforeNext, 1000);
        throw refusal;
      }
    },
  };
}
