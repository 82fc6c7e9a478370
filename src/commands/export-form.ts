import { writeFile } from 'node:fs/promises';
import type { Questionnaire } from '@medplum/fhirtypes';
import { findCanonical } from '../interactions/find-canonical.ts';
import { dialectNamed, elsewhere } from '../packages/dialects.ts';
import type { Command } from './command.ts';

export const exportForm: Command = {
  summary: 'write a stored form as another program takes it',
  operands: '<url or url|version>',
  flags: {},
  options: {
    dialect: 'what to write it in: helsenorge (for Refero and Structor)',
    out: 'the file to write (standard output)',
  },
  async run({ settings, log, operands, options }) {
    const [canonical, ...more] = operands;
    const dialect = dialectNamed(options.dialect);
    if (canonical === undefined || more.length > 0 || dialect === undefined) {
      throw new Error(
        "export-form needs one form and a dialect, as in: npm run --silent svar -- export-form 'https://svar.example.org/fhir/Questionnaire/hads' --dialect helsenorge",
      );
    }
    const { openWithoutHttp } = await import('../server/without-http.ts');
    const { fhir, stop } = await openWithoutHttp(settings, log);
    try {
      const found = await findCanonical(fhir.engine.readers, 'Questionnaire', canonical, fhir.engine.hashSeed);
      if (found === undefined) throw new Error(`There is no form ${canonical}.`);
      const { questionnaire, issues } = dialect.export(found.resource as Questionnaire);
      const text = `${JSON.stringify(questionnaire, undefined, 2)}\n`;
      if (options.out === undefined) process.stdout.write(text);
      else await writeFile(options.out, text);
      for (const { severity, diagnostics, expression = [] } of issues) {
        process.stderr.write(`${severity}: ${expression[0]}: ${diagnostics}${elsewhere(expression)}\n`);
      }
    } finally {
      await stop();
    }
  },
};
