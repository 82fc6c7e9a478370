import { RateLimiterMemory } from 'rate-limiter-flexible';
import { FhirError } from '../model/issue.ts';

/** Over how long requests are counted: a screen that asks for much at once is not refused. */
const WINDOW_SECONDS = 10;

/** Counts the requests of each person and address, in this process. */
export interface Rates {
  /** @throws FhirError 429 where this key has sent more than it may */
  count(key: string): Promise<void>;
}

/** A refusal for which the client should wait. */
export class TooManyRequests extends FhirError {
  /** Seconds until the next request is taken. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super(429, [
      {
        severity: 'error',
        code: 'throttled',
        diagnostics: `There were too many requests. Try again in ${retryAfter} s.`,
      },
    ]);
    this.retryAfter = retryAfter;
  }
}

/** @param perSecond how many requests a second one key may send, as a mean over ten seconds */
export function createRates(perSecond: number): Rates {
  const limiter = new RateLimiterMemory({ points: perSecond * WINDOW_SECONDS, duration: WINDOW_SECONDS });
  return {
    async count(key) {
      try {
        await limiter.consume(key);
      } catch (refused) {
        const wait_ms =
          typeof refused === 'object' && refused !== null && 'msBeforeNext' in refused
            ? Number(refused.msBeforeNext)
            : WINDOW_SECONDS * 1000;
        throw new TooManyRequests(Math.max(1, Math.ceil(wait_ms / 1000)));
      }
    },
  };
}
