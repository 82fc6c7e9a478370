import type { IncomingMessage } from 'node:http';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Caller } from '../model/caller.ts';
import { FhirError } from '../model/issue.ts';

/** Over how long requests are counted: a screen that asks for much at once is not refused. */
const WINDOW_SECONDS = 10;

/** Too many requests; the client should wait. */
export class TooManyRequests extends FhirError {
  readonly retryAfterSeconds: number;
  /** Who asked, where that was known. */
  readonly caller: Caller | undefined;

  constructor(retryAfterSeconds: number, caller?: Caller) {
    super(429, [
      {
        severity: 'error',
        code: 'throttled',
        diagnostics: `There were too many requests. Try again in ${retryAfterSeconds} s.`,
      },
    ]);
    this.retryAfterSeconds = retryAfterSeconds;
    this.caller = caller;
  }
}

/**
 * Limits how often one may ask, in this process: persons by their sign-in, and whoever has not signed in, or failed to,
 * by address. An address that has used up its share is refused before its credentials are looked at, so that guessing
 * them costs the server nothing. Systems with a key or secret of their own, and the server's own work, are not limited.
 *
 * @param callerOf who asks; rejects with a FhirError where the credentials are wrong
 * @param perSecond how many requests a second, as a mean over ten seconds
 */
export function limited(
  callerOf: (request: IncomingMessage) => Caller | Promise<Caller>,
  addressOf: (request: IncomingMessage) => string,
  perSecond: number,
): (request: IncomingMessage) => Promise<Caller> {
  const points = perSecond * WINDOW_SECONDS;
  const limiter = new RateLimiterMemory({ points, duration: WINDOW_SECONDS });
  const count = async (key: string, caller?: Caller): Promise<void> => {
    await limiter.consume(key).catch((refused: unknown) => {
      throw new TooManyRequests(secondsLeft(refused), caller);
    });
  };
  return async (request) => {
    const address = `address ${addressOf(request)}`;
    const used = await limiter.get(address);
    if (used !== null && used.consumedPoints >= points) {
      throw new TooManyRequests(secondsLeft(used));
    }
    let caller: Caller;
    try {
      caller = await callerOf(request);
    } catch (refused) {
      await count(address);
      throw refused;
    }
    if (caller.agent === undefined) {
      await count(address);
    } else if (!caller.agent.who.startsWith('Device/')) {
      await count(`person ${caller.agent.who}`, caller);
    }
    return caller;
  };
}

function secondsLeft(state: unknown): number {
  const left_ms =
    typeof state === 'object' && state !== null && 'msBeforeNext' in state ? Number(state.msBeforeNext) : Number.NaN;
  return Math.max(1, Math.ceil(Number.isFinite(left_ms) ? left_ms / 1000 : WINDOW_SECONDS));
}
