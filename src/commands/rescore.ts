import type { Command } from './command.ts';

export const rescore: Command = {
  summary: 'have stored responses scored again, after a rule has changed',
  operands: '',
  flags: {},
  options: {
    score: 'only forms that have this score, by its code (all)',
    questionnaire: 'only responses to this form, by its url (all that are scored)',
  },
  async run({ settings, log, operands, options }) {
    if (operands.length > 0) {
      throw new Error('rescore takes options only, as in: npm run svar -- rescore --score hads-anxiety');
    }
    const [{ openWithoutHttp }, { rescore: queue }] = await Promise.all([
      import('../server/without-http.ts'),
      import('../server/rescore.ts'),
    ]);
    const { fhir, stop } = await openWithoutHttp(settings, log);
    try {
      const counts = await queue(fhir.engine, options);
      for (const [url, count] of counts) process.stdout.write(`${url}: ${count} responses\n`);
      process.stdout.write('The servers on this database score them, or the next one to start.\n');
    } finally {
      await stop();
    }
  },
};
