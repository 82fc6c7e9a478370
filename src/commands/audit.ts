import type { Verdict } from '../audit/verify.ts';
import type { Command, Invocation } from './command.ts';

export const audit: Command = {
  summary: 'verify that nothing of the audit was changed or is missing, or print where its chains stand',
  operands: '<verify | checkpoint>',
  flags: {},
  options: {
    checkpoint: 'a file with what `audit checkpoint` printed earlier: verify finds what was cut off since',
  },
  async run(invocation) {
    const [what, ...more] = invocation.operands;
    if (more.length > 0 || (what !== 'verify' && what !== 'checkpoint')) {
      throw new Error('audit takes verify or checkpoint, as in: npm run svar -- audit verify');
    }
    await (what === 'verify' ? verified(invocation) : checkpoint(invocation));
  },
};

/** Goes through the whole audit, beside servers at work; the exit code is 1 where anything is wrong. */
async function verified({ settings, log, options }: Invocation): Promise<void> {
  const [{ openDatabase }, { verify }, { headsOfFile, keptHeads }, { serverSecrets }, path] = await Promise.all([
    import('../runtime/database.ts'),
    import('../audit/verify.ts'),
    import('../audit/checkpoints.ts'),
    import('../server/server-secrets.ts'),
    import('node:path'),
  ]);
  const heads = [
    ...(await keptHeads(path.join(settings.dataDir, 'audit'))),
    ...(options.checkpoint === undefined ? [] : await headsOfFile(options.checkpoint)),
  ];
  const database = await openDatabase(settings, log);
  try {
    const client = await database.pool.connect();
    const started = performance.now();
    try {
      const verdict = await verify(client, await serverSecrets(settings), heads);
      process.stdout.write(report(verdict, heads.length, (performance.now() - started) / 1000));
      process.exitCode = verdict.findingsCount > 0 ? 1 : 0;
    } finally {
      client.release(true);
    }
  } finally {
    await database.stop();
  }
}

function report({ findings, findingsCount, counts }: Verdict, checkpoints: number, seconds: number): string {
  const { chains, links, rows, pending, left, versions } = counts;
  const lines = [
    ...findings.map(({ fault, place }) => `${fault}: ${place}`),
    ...(findingsCount > findings.length ? [`and ${findingsCount - findings.length} more`] : []),
    `${rows} rows in ${links} links of ${chains} chains, ${versions} versions of resources and ${checkpoints} checkpoints were verified in ${seconds.toFixed(1)} s (${Math.round((rows + versions) / seconds)}/s).`,
    ...(pending > 0 ? [`${pending} rows are about to be sealed by servers at work.`] : []),
    ...(left > 0 ? [`${left} rows were left unsealed by a process that was killed; the next start seals them.`] : []),
    findingsCount === 0 ? 'Nothing was changed, nothing is missing.' : `${findingsCount} faults were found.`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Prints where every chain stands, one a line: to be kept where nobody who can change the database can change it too. */
async function checkpoint({ settings, log }: Invocation): Promise<void> {
  const [{ openDatabase }, { headsOf }] = await Promise.all([
    import('../runtime/database.ts'),
    import('../audit/chain-store.ts'),
  ]);
  const database = await openDatabase(settings, log);
  try {
    for (const { chain, number, hash } of await headsOf(database.pool)) {
      process.stdout.write(`${JSON.stringify({ chain, number, hash })}\n`);
    }
  } finally {
    await database.stop();
  }
}
