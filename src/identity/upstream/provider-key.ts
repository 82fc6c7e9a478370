import { open } from 'node:fs/promises';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import type { Secrets } from '../../runtime/secrets.ts';

/** A private key and how it is named at the provider. */
export interface ProviderKey {
  readonly key: CryptoKey;
  readonly kid: string | undefined;
}

/** What a key file is sealed for: see `seal` in src/runtime/secrets.ts. */
export const KEY_PURPOSE = 'identity provider key';

const BYTES_MAX = 64 * 1024;
/** What others than the owner may do with a file. */
const OTHERS = 0o077;
const ALGORITHMS = ['PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'Ed25519'];

/**
 * Reads the private JWK of a provider: sealed by the server's secret (base64), or as it is in a file that nobody but its
 * owner may read, as ssh demands of its keys.
 * @throws Error for the operator, without anything of the key
 */
export async function readProviderKey(file: string, secrets: Secrets): Promise<ProviderKey & { readonly alg: string }> {
  const { content, mode } = await contentOf(file);
  const plain = content.trimStart().startsWith('{');
  if (plain && process.platform !== 'win32' && (mode & OTHERS) !== 0) {
    throw new Error(`${file} is a private key that others may read: chmod 600, or seal it`);
  }
  let jwk: JWK;
  try {
    jwk = JSON.parse(plain ? content : `${secrets.unseal(KEY_PURPOSE, Buffer.from(content, 'base64'))}`) as JWK;
  } catch {
    throw new Error(`${file} holds no JWK, or one that was sealed by another secret`);
  }
  const { alg = '' } = jwk;
  if (!ALGORITHMS.includes(alg) || jwk.d === undefined) {
    throw new Error(`${file} must hold a private JWK whose alg is one of ${ALGORITHMS.join(', ')}`);
  }
  const key = await importJWK(jwk).catch(() => undefined);
  if (key === undefined || key instanceof Uint8Array) throw new Error(`${file} holds no JWK that can be used`);
  return { key, kid: jwk.kid, alg };
}

async function contentOf(file: string): Promise<{ content: string; mode: number }> {
  const handle = await open(file, 'r').catch(() => {
    throw new Error(`${file} cannot be read`);
  });
  try {
    const { mode, size } = await handle.stat();
    if (size > BYTES_MAX) throw new Error(`${file} is no JWK`);
    return { content: await handle.readFile('utf8'), mode };
  } finally {
    await handle.close();
  }
}
