import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { fhirError } from '../model/issue.ts';

/**
 * Page tokens: where a page begins, as an opaque text that only this server can make. It is encrypted and authenticated
 * (AES-256-GCM), since it holds sort values, which may be names; and it is bound to the caller and the query, so that a
 * token of one is worth nothing to another.
 */
export class PageTokens {
  readonly #key: Buffer;

  /** @param secret setting token_secret, hexadecimal: the same for every process on a database */
  constructor(secret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'hex'), '', 'svar page token', 32));
  }

  /**
   * @param place any JSON value
   * @param binding what the token is good for: caller and query
   */
  seal(place: unknown, binding: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(digest(binding));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(place), 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** @throws FhirError 400 for a token that this server did not make, or made for another caller or query */
  open(token: string, binding: string): unknown {
    const bytes = /^[A-Za-z0-9_-]{40,4096}$/.test(token) ? Buffer.from(token, 'base64url') : undefined;
    if (bytes === undefined || bytes.length < 28) {
      throw invalid();
    }
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12), { authTagLength: 16 })
        .setAAD(digest(binding))
        .setAuthTag(bytes.subarray(12, 28));
      return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8'));
    } catch {
      throw invalid();
    }
  }
}

function digest(binding: string): Buffer {
  return createHash('sha256').update(binding).digest();
}

function invalid(): Error {
  return fhirError(400, 'invalid', 'The page link is not valid for this search. Start the search again.');
}
