import type { Command } from './command.ts';

export const providerKey: Command = {
  summary: 'make a key for an identity provider: the private part into a file, sealed; the public part is printed',
  operands: '<file>',
  flags: {},
  async run({ settings, operands }) {
    const [file] = operands;
    if (file === undefined || operands.length > 1) {
      throw new Error('provider-key takes one file, as in: npm run svar -- provider-key helseid.key');
    }
    const [{ makeProviderKey }, { serverSecrets }] = await Promise.all([
      import('../identity/upstream/make-provider-key.ts'),
      import('../server/server-secrets.ts'),
    ]);
    const publicKey = await makeProviderKey(file, await serverSecrets(settings));
    process.stdout.write(`${JSON.stringify(publicKey)}\n`);
  },
};
