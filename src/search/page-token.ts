import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { fhirError } from '../model/issue.ts';

/** How long a page link leads on: whoever reads page by page has long gone on by then. */
const GOOD_MS = 24 * 60 * 60 * 1000;

/**
 * Page tokens: where a page begins, as an opaque text that only this server can make. It is encrypted and authenticated
 * (AES-256-GCM), since it holds sort values, which may be names; it is bound to the caller and the query, so that a
 * token of one is worth nothing to another; and it is good for a day.
 */
export class PageTokens {
  readonly #key: Buffer;
  readonly #now: () => number;

  /**
   * @param secret setting token_secret, hexadecimal: the same for every process on a database
   * @param now ms since 1970, real time
   */
  constructor(secret: string, now: () => number = () => Date.now()) {
    this.#now = now;
    this.#key = Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'hex'), '', 'svar page token', 32));
  }

  /**
   * @param place any JSON value
   * @param binding what the token is good for: caller and query
   */
  seal(place: unknown, binding: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(digest(binding));
    const sealed = Buffer.concat([cipher.update(JSON.stringify([this.#now(), place]), 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** @throws FhirError 400 for a token that this server did not make, or made for another caller or query, or long ago */
  open(token: string, binding: string): unknown {
    const bytes = /^[A-Za-z0-9_-]{40,4096}$/.test(token) ? Buffer.from(token, 'base64url') : undefined;
    if (bytes === undefined || bytes.length < 28) {
      throw invalid();
    }
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12), { authTagLength: 16 })
        .setAAD(digest(binding))
        .setAuthTag(bytes.subarray(12, 28));
      const text = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
      const [made, place] = JSON.parse(text) as [number, unknown];
      if (this.#now() - made <= GOOD_MS) {
        return place;
      }
    } catch {
      // what does not open is no token of ours
    }
    throw invalid();
  }
}

function digest(binding: string): Buffer {
  return createHash('sha256').update(binding).digest();
}

function invalid(): Error {
  return fhirError(400, 'invalid', 'The page link is not valid for this search. Start the search again.');
}
