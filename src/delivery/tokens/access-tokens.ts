import type { CryptoKey } from 'jose';
import type { GuardedFetch } from '../../egress/guarded-fetch.ts';
import type { Clock } from '../../model/clock.ts';
import { ChannelFault } from '../channel.ts';

/** Access tokens of a national service. */
export interface AccessTokens {
  /** Headers that authorize one request. Rejects with nothing of the token in the error. */
  headers(method: 'GET' | 'POST', address: string): Promise<Readonly<Record<string, string>>>;
}

/** A private key by which Svar shows who it is, and its name at the other side. */
export interface SigningKey {
  readonly key: CryptoKey;
  readonly alg: string;
  readonly kid: string | undefined;
}

/** A client that a token endpoint knows. */
export interface TokenClient {
  /** What the endpoint calls itself: the audience of what is signed for it. */
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly key: SigningKey;
}

export interface TokenParts {
  readonly guarded: GuardedFetch;
  /** The machine's time, by which the other side judges what is signed. */
  readonly clock: Clock;
}

/** A token is asked for anew this long before it ends, so that none ends on its way. */
const MARGIN_MS = 10_000;
const ANSWER_BYTES_MAX = 64 * 1024;

/** Keeps a token until shortly before it ends; asks once for all who wait. */
export class KeptToken {
  readonly #ask: () => Promise<IssuedToken>;
  readonly #clock: Clock;
  #kept: { readonly token: Promise<IssuedToken>; until: number } | undefined;

  constructor(ask: () => Promise<IssuedToken>, clock: Clock) {
    this.#ask = ask;
    this.#clock = clock;
  }

  async get(): Promise<string> {
    const now = this.#clock.now().getTime();
    if (this.#kept === undefined || this.#kept.until <= now) {
      const kept = { token: this.#ask(), until: Number.POSITIVE_INFINITY };
      this.#kept = kept;
      kept.token.then(
        ({ seconds }) => {
          kept.until = now + seconds * 1000 - MARGIN_MS;
        },
        () => {
          if (this.#kept === kept) this.#kept = undefined;
        },
      );
    }
    return (await this.#kept.token).token;
  }
}

export interface IssuedToken {
  readonly token: string;
  readonly seconds: number;
}

/** What a token endpoint answered (RFC 6749, 5.1). @throws ChannelFault */
export function readToken(status: number, body: Buffer): IssuedToken {
  if (status !== 200) throw new ChannelFault(`a token endpoint answered ${status}`);
  const { access_token: token, expires_in: seconds } = jsonObject(body);
  if (typeof token !== 'string' || typeof seconds !== 'number') {
    throw new ChannelFault('a token endpoint answered without a token');
  }
  return { token, seconds };
}

/** Asks a token endpoint. */
export async function askForToken(
  { guarded }: TokenParts,
  endpoint: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Awaited<ReturnType<GuardedFetch>>> {
  return guarded(endpoint, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
    accept: ['application/json'],
    bytesMax: ANSWER_BYTES_MAX,
  });
}

/** @throws ChannelFault without a word of the answer */
export function jsonObject(body: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new ChannelFault('an answer was no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ChannelFault('an answer was no JSON object');
  }
  return value as Readonly<Record<string, unknown>>;
}
