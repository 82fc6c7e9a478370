import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { Queryable } from '../../model/queryable.ts';
import type { Secrets } from '../../runtime/secrets.ts';
import { ALGORITHM } from './detached-jws.ts';

const PURPOSE = 'signing key of consents';
/** A key signs for a year; then another takes its place. */
const KEY_MS_MAX = 365 * 86_400_000;

/**
 * The keys that consents are signed by. The private part is sealed by the server's secret and destroyed when the next key
 * takes over; public parts are kept for ever, so that what was signed once can be verified.
 */
export class SigningKeys {
  readonly #secrets: Secrets;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  /** The key to sign with now; made where there is none, or the last is too old. To be called in the unit that signs. */
  async current(db: Queryable, now: Date): Promise<{ kid: string; key: CryptoKey }> {
    const found = await this.#newest(db);
    if (found === undefined || now.getTime() - Number(found.created) > KEY_MS_MAX) {
      return this.rotate(db, now);
    }
    const jwk = JSON.parse(this.#secrets.unseal(PURPOSE, found.sealed).toString('utf8')) as JWK;
    return { kid: found.kid, key: privateKey(await importJWK(jwk, ALGORITHM)) };
  }

  /** Makes a new key and destroys the private parts of all before it. */
  async rotate(db: Queryable, now: Date): Promise<{ kid: string; key: CryptoKey }> {
    const pair = await generateKeyPair(ALGORITHM, { extractable: true });
    const open = await exportJWK(pair.publicKey);
    const kid = await calculateJwkThumbprint(open);
    const sealed = this.#secrets.seal(PURPOSE, Buffer.from(JSON.stringify(await exportJWK(pair.privateKey))));
    await db.query({ text: 'update signing_key set sealed = null where sealed is not null' });
    await db.query({
      text: 'insert into signing_key (kid, created, public_jwk, sealed) values ($1, $2, $3, $4)',
      values: [kid, now.getTime(), JSON.stringify(open), sealed],
    });
    return { kid, key: pair.privateKey };
  }

  /** The public part of a key that signs or has signed here. */
  async publicKey(db: Queryable, kid: string): Promise<JWK | undefined> {
    const { rows } = await db.query<{ public_jwk: string }>({
      text: 'select public_jwk from signing_key where kid = $1',
      values: [kid],
    });
    return rows[0] && (JSON.parse(rows[0].public_jwk) as JWK);
  }

  /** Two processes that find none wait for each other here. */
  async #newest(db: Queryable): Promise<{ kid: string; created: string; sealed: Buffer } | undefined> {
    await db.query({ text: "select pg_advisory_xact_lock(hashtext('signing key'))" });
    const { rows } = await db.query<{ kid: string; created: string; sealed: Buffer }>({
      text: 'select kid, created, sealed from signing_key where sealed is not null order by created desc limit 1',
    });
    return rows[0];
  }
}

function privateKey(key: CryptoKey | Uint8Array): CryptoKey {
  if (key instanceof Uint8Array) {
    throw new Error('a signing key is of another kind than expected');
  }
  return key;
}
