import { open } from 'node:fs/promises';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Secrets } from '../../runtime/secrets.ts';
import { KEY_PURPOSE } from './provider-key.ts';

/** What HelseID and ID-porten take. */
const ALGORITHM = 'PS256';
const MODULUS_BITS = 3072;

/**
 * Makes a key by which Svar shows an identity provider who it is: the private part goes into a file, sealed by the
 * server's secret, and is nowhere else.
 * @returns the public part, to be registered at the provider
 * @throws Error for the operator where the file is there already: a key in use is not written over
 */
export async function makeProviderKey(file: string, secrets: Secrets): Promise<JWK> {
  const pair = await generateKeyPair(ALGORITHM, { extractable: true, modulusLength: MODULUS_BITS });
  const [privateKey, publicKey] = await Promise.all([exportJWK(pair.privateKey), exportJWK(pair.publicKey)]);
  const named = { alg: ALGORITHM, kid: await calculateJwkThumbprint(publicKey) };
  const sealed = secrets.seal(KEY_PURPOSE, Buffer.from(JSON.stringify({ ...privateKey, ...named })));
  const handle = await open(file, 'wx', 0o600).catch(() => {
    throw new Error(`${file} cannot be made: it is there already, or its folder is not`);
  });
  try {
    await handle.writeFile(`${sealed.toString('base64')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { ...publicKey, ...named, use: 'sig' };
}
