import { chmod, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { CompactSign, compactVerify, exportJWK, generateKeyPair, importJWK } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { secretsOf } from '../../runtime/secrets.ts';
import { makeProviderKey } from './make-provider-key.ts';
import { readProviderKey } from './provider-key.ts';

const secrets = secretsOf(Buffer.alloc(32, 1));
let folder: string;
let plain: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'svar-keys-'));
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  plain = JSON.stringify({ ...(await exportJWK(privateKey)), alg: 'ES256', kid: 'one' });
});

async function fileOf(name: string, content: string, mode = 0o600): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  await chmod(file, mode);
  return file;
}

test('a key that was made is sealed in its file and signs what its public part verifies', async () => {
  const file = path.join(folder, 'made.key');
  const publicKey = await makeProviderKey(file, secrets);
  const { key, kid } = await readProviderKey(file, secrets);
  const signed = await new CompactSign(Buffer.from('x')).setProtectedHeader({ alg: 'PS256' }).sign(key);
  await compactVerify(signed, await importJWK(publicKey));
  expect([publicKey.kid, publicKey.d, (await stat(file)).mode & 0o777]).toEqual([kid, undefined, 0o600]);
  expect(await readFile(file, 'utf8')).toMatch(/^[\w+/=]+\n$/);
  await expect(makeProviderKey(file, secrets)).rejects.toThrow('it is there already');
});

test('a sealed key opens with the secret that sealed it alone', async () => {
  const file = path.join(folder, 'sealed.key');
  await makeProviderKey(file, secrets);
  const others = secretsOf(Buffer.alloc(32, 2));
  await expect(readProviderKey(file, others)).rejects.toThrow('sealed by another secret');
});

test('a key as it is may be read by its owner alone', async () => {
  expect((await readProviderKey(await fileOf('plain.jwk', plain), secrets)).kid).toBe('one');
  for (const mode of [0o640, 0o604, 0o620]) {
    const file = await fileOf(`open-${mode}.jwk`, plain, mode);
    await expect(readProviderKey(file, secrets)).rejects.toThrow('others may read');
  }
});

test.each<[string, string]>([
  ['no JSON', '{'],
  ['neither a key nor sealed', 'hello'],
  ['a public key', '{"kty":"EC","crv":"P-256","x":"a","y":"b","alg":"ES256"}'],
  ['a key without algorithm', '{"kty":"EC","crv":"P-256","x":"a","y":"b","d":"c"}'],
  ['a shared secret', '{"kty":"oct","k":"c2VjcmV0","alg":"HS256"}'],
  ['a broken key', '{"kty":"EC","crv":"P-256","x":"a","y":"b","d":"c","alg":"ES256"}'],
])('what is no private key is refused, and not repeated: %s', async (name, content) => {
  const problem = await readProviderKey(await fileOf(name, content), secrets).catch((thrown: Error) => thrown);
  expect(problem).toBeInstanceOf(Error);
  expect(String(problem)).not.toMatch(/"d"|c2VjcmV0|hello/);
});

test('a file that is not there is told', async () => {
  await expect(readProviderKey(path.join(folder, 'none'), secrets)).rejects.toThrow('cannot be read');
});
