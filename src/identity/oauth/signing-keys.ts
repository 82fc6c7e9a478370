import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Queryable } from '../../model/queryable.ts';
import type { Secrets } from '../../runtime/secrets.ts';

/** Algorithms that this server signs by: access tokens by ES256, ID tokens by RS256, which every app must know. */
export const SIGNING_ALGORITHMS = ['ES256', 'RS256'] as const;
export const ACCESS_TOKEN_ALGORITHM = 'ES256';

/** A private key, JSON Web Key with kid and alg. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly jwk: JWK;
}

/**
 * How long a key that was replaced still verifies: longer than any token that it signed lives, and than processes need to
 * notice the new one.
 */
export const RETIRING_MS = 60 * 60 * 1000;

const PURPOSE = 'oauth signing key';

/** The keys in use, those that sign before those that only verify. @param now ms since 1970 */
export async function signingKeys(db: Queryable, secrets: Secrets, now: number): Promise<SigningKey[]> {
  const { rows } = await db.query<{ sealed: Buffer }>({
    text: `select sealed from oauth_key where retires is null or retires > $1
      order by retires is not null, created desc, kid`,
    values: [now],
  });
  return rows.map(({ sealed }) => {
    // sealed by this module, and the seal tells that it was not changed
    const jwk = JSON.parse(secrets.unseal(PURPOSE, sealed).toString()) as JWK & { kid: string; alg: string };
    return { kid: jwk.kid, alg: jwk.alg, jwk };
  });
}

/**
 * Makes a new key for every algorithm; the others verify for a while more and are deleted then. Running servers notice
 * within seconds.
 * @param retiringMs 0 where a key was stolen: what it signed is worth nothing any more
 * @returns the ids of the new keys
 */
export async function rotateKeys(
  db: Queryable,
  secrets: Secrets,
  now: number,
  retiringMs = RETIRING_MS,
): Promise<string[]> {
  const made = await Promise.all(SIGNING_ALGORITHMS.map((alg) => newKey(alg)));
  await db.query({ text: 'delete from oauth_key where retires <= $1', values: [now] });
  await db.query({
    text: `with retired as (update oauth_key set retires = $1 where retires is null or retires > $1)
      insert into oauth_key (kid, sealed, created) select * from unnest ($2::text[], $3::bytea[], $4::int8[])`,
    values: [
      now + retiringMs,
      made.map(({ kid }) => kid),
      made.map(({ jwk }) => secrets.seal(PURPOSE, Buffer.from(JSON.stringify(jwk)))),
      made.map(() => now),
    ],
  });
  return made.map(({ kid }) => kid);
}

async function newKey(alg: string): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 2048 });
  const kid = randomUUID();
  return { kid, alg, jwk: { ...(await exportJWK(privateKey)), kid, alg, use: 'sig' } };
}
