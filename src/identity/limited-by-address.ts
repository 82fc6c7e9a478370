import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** A hospital's users may all come from one address; a program that asks for a token each time must not. */
const REQUESTS_MAX = 1200;
/** What an app asks of its session by itself, each time it is looked at: a whole ward's telephones at once. */
export const APP_REQUESTS_MAX = 6000;
const WINDOW_SECONDS = 60;

/**
 * Limits how often one address may ask, in this process: every request here is answered before anybody has shown who they
 * are, and many of them are remembered for a while.
 */
export function limitedByAddress(
  addressOf: (request: IncomingMessage) => string,
  requestsMax = REQUESTS_MAX,
): RequestHandler {
  const limiter = new RateLimiterMemory({ points: requestsMax, duration: WINDOW_SECONDS });
  return async (request, response, next) => {
    try {
      await limiter.consume(addressOf(request));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      response.set({ 'retry-after': String(Math.ceil(refusal.msBeforeNext / 1000)), 'cache-control': 'no-store' });
      response.status(429).json({ error: 'temporarily_unavailable', error_description: 'too many requests' });
      return;
    }
    next();
  };
}
