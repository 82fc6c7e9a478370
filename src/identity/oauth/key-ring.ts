import { type CryptoKey, importJWK } from 'jose';
import type { Queryable } from '../../model/queryable.ts';
import type { Secrets } from '../../runtime/secrets.ts';
import { rotateKeys, type SigningKey, signingKeys } from './signing-keys.ts';

/** The signing keys as this process knows them. */
export interface Keys {
  /** Those that sign first. */
  readonly signing: readonly SigningKey[];
  /** Tells one state of the keys from the next. */
  readonly state: string;
}

/** How long a process may go on with keys that were replaced. */
const LOOK_MS = 5000;
/** How often a strange key makes it look. */
const STRANGE_MS = 1000;

/** Keeps a process's keys, and looks now and then whether an operator has made new ones. */
export class KeyRing {
  readonly #db: Queryable;
  readonly #secrets: Secrets;
  readonly #now: () => number;
  #keys: Promise<Keys> | undefined;
  #looked = 0;
  readonly #public = new Map<string, Promise<CryptoKey>>();

  /** @param now ms since 1970 */
  constructor(db: Queryable, secrets: Secrets, now: () => number) {
    this.#db = db;
    this.#secrets = secrets;
    this.#now = now;
  }

  /** The keys, at most LOOK_MS old; the first process on a database makes the first. */
  async current(ageMaxMs = LOOK_MS): Promise<Keys> {
    if (this.#keys === undefined || Math.abs(this.#now() - this.#looked) > ageMaxMs) {
      this.#looked = this.#now();
      const before = this.#keys;
      this.#keys = this.#load();
      this.#keys.catch(() => {
        this.#keys = before;
      });
    }
    return this.#keys;
  }

  /**
   * The public key of this id and algorithm; undefined if it is none of ours. Strange ids cost no more than a look at the
   * database every STRANGE_MS: nothing is fetched.
   */
  async publicKey(kid: string, alg: string): Promise<CryptoKey | undefined> {
    const named = ({ signing }: Keys) => signing.find((candidate) => candidate.kid === kid && candidate.alg === alg);
    const key = named(await this.current()) ?? named(await this.current(STRANGE_MS));
    if (key === undefined) return undefined;
    let imported = this.#public.get(kid);
    if (imported === undefined) {
      const { kty, crv, x, y, n, e } = key.jwk;
      imported = importJWK({ kty, ...(kty === 'EC' ? { crv, x, y } : { n, e }) }, alg) as Promise<CryptoKey>;
      this.#public.set(kid, imported);
    }
    return imported;
  }

  async #load(): Promise<Keys> {
    let signing = await signingKeys(this.#db, this.#secrets, this.#now());
    if (signing.length === 0) {
      // processes that start at once may make two sets: all of them verify, the newest signs
      await rotateKeys(this.#db, this.#secrets, this.#now());
      signing = await signingKeys(this.#db, this.#secrets, this.#now());
    }
    return { signing, state: signing.map(({ kid }) => kid).join(' ') };
  }
}
