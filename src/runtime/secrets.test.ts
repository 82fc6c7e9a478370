import { randomBytes } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { scratchFolder } from '../../tests/kit/scratch.ts';
import { secretOfFile, secretsOf } from './secrets.ts';

describe('secrets', () => {
  const secrets = secretsOf(randomBytes(32));
  const plain = Buffer.from('a key');

  test('what is sealed for a purpose is unsealed for it', () => {
    const sealed = secrets.seal('keys', plain);
    expect(sealed.includes(plain)).toBe(false);
    expect(secrets.unseal('keys', sealed)).toEqual(plain);
  });

  test('it is not unsealed for another purpose, by another secret, or once it was changed', () => {
    const sealed = secrets.seal('keys', plain);
    expect(() => secrets.unseal('other', sealed)).toThrow();
    expect(() => secretsOf(randomBytes(32)).unseal('keys', sealed)).toThrow();
    for (let i = 0; i < sealed.length; i += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8((changed.readUInt8(i) + 1) % 256, i);
      expect(() => secrets.unseal('keys', changed)).toThrow();
    }
  });

  test('every purpose has a key of its own', () => {
    expect(secrets.key('a')).toEqual(secrets.key('a'));
    expect(secrets.key('a')).not.toEqual(secrets.key('b'));
  });

  test('a short secret is refused', () => {
    expect(() => secretsOf(randomBytes(31))).toThrow('32 bytes');
  });
});

test('the file of the secret is made once, for its owner alone, and read from then on', async () => {
  const folder = await scratchFolder();
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'deep', 'secret.key');
  const made = await Promise.all([secretOfFile(file)]);
  expect(await secretOfFile(file)).toEqual(made[0]);
  expect(made[0]).toHaveLength(32);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
