import type { Command } from './command.ts';

export const keys: Command = {
  summary: 'replace the keys that sign tokens; those in use verify for an hour more',
  operands: '<rotate>',
  flags: {
    'at-once': 'a key was stolen: those in use verify no longer, and every token is asked for anew',
  },
  async run({ settings, log, operands, flags }) {
    if (operands.length !== 1 || operands[0] !== 'rotate') {
      throw new Error('keys takes rotate, as in: npm run svar -- keys rotate');
    }
    const [{ openDatabase }, { migrate }, { RETIRING_MS, rotateKeys }, { serverSecrets }] = await Promise.all([
      import('../runtime/database.ts'),
      import('../store/migrate.ts'),
      import('../identity/oauth/signing-keys.ts'),
      import('../server/server-secrets.ts'),
    ]);
    const database = await openDatabase(settings, log);
    try {
      await migrate(database.pool, { log: (message) => log.info(message) });
      const made = await rotateKeys(
        database.pool,
        await serverSecrets(settings),
        Date.now(),
        flags.has('at-once') ? 0 : RETIRING_MS,
      );
      process.stdout.write(`New keys: ${made.join(', ')}\nRunning servers sign by them within seconds.\n`);
    } finally {
      await database.stop();
    }
  },
};
