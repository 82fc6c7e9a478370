import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * The server's own secret, from which all others follow. What the database holds of secrets (signing keys, second
 * factors, per-patient keys) is sealed by it: a copy of the database alone opens none of them.
 */
export interface Secrets {
  /** 32 bytes for one purpose; equal for equal purposes. */
  key(purpose: string): Buffer;
  /** Encrypts (AES-256-GCM) and binds to the purpose. */
  seal(purpose: string, plain: Buffer): Buffer;
  /** @throws Error where it was sealed for another purpose or by another secret, or was changed since */
  unseal(purpose: string, sealed: Buffer): Buffer;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const SECRET_BYTES = 32;

/** @param secret at least 32 random bytes */
export function secretsOf(secret: Buffer): Secrets {
  if (secret.length < SECRET_BYTES) {
    throw new Error(`the server's secret must have at least ${SECRET_BYTES} bytes`);
  }
  const keys = new Map<string, Buffer>();
  const key = (purpose: string): Buffer => {
    let derived = keys.get(purpose);
    if (derived === undefined) {
      derived = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `svar ${purpose}`, 32));
      keys.set(purpose, derived);
    }
    return derived;
  };
  return {
    key,
    seal(purpose, plain) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key(`seal ${purpose}`), nonce);
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    unseal(purpose, sealed) {
      const decipher = createDecipheriv('aes-256-gcm', key(`seal ${purpose}`), sealed.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    },
  };
}

/** Reads the secret from a file; makes the file, readable by its owner alone, where there is none. */
export async function secretOfFile(file: string): Promise<Buffer> {
  await mkdir(path.dirname(file), { recursive: true });
  try {
    const made = await open(file, 'wx', 0o600);
    try {
      const secret = randomBytes(SECRET_BYTES);
      await made.writeFile(`${secret.toString('base64')}\n`);
      await made.sync();
      return secret;
    } finally {
      await made.close();
    }
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'EEXIST') throw problem;
    return Buffer.from((await readFile(file, 'utf8')).trim(), 'base64');
  }
}
