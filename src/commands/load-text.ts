import { readFile } from 'node:fs/promises';
import { readWording, WordingFaults } from '../forms/text/read-wording.ts';
import { FhirError } from '../model/issue.ts';
import { parseJson } from '../model/json/parse.ts';
import type { Command } from './command.ts';

export const loadText: Command = {
  summary: 'load the licensed wording of a form in one language (docs/operations.md)',
  operands: '<file>',
  flags: {},
  async run({ settings, log, operands }) {
    const [file, ...more] = operands;
    if (file === undefined || more.length > 0) {
      throw new Error('load-text needs one file, as in: npm run svar -- load-text ./hads.nb.json');
    }
    try {
      const wording = readWording(parseJson(await content(file)).value);
      // Loaded only now, so that a mistake in the file is answered at once.
      const [{ openWithoutHttp }, { loadWording }] = await Promise.all([
        import('../server/without-http.ts'),
        import('../server/load-wording.ts'),
      ]);
      const { fhir, stop } = await openWithoutHttp(settings, log);
      try {
        const { outcome, form, orders } = await loadWording(fhir, wording);
        const { language, licence, url, version } = wording;
        process.stdout.write(`${url}|${version} in ${language}: ${outcome} (${form})\n`);
        process.stdout.write(`licence ${licence.reference} of ${licence.holder}, ${untilText(licence.until)}\n`);
        if (orders > 0) process.stdout.write(`${orders} refused orders are looked at again by the servers\n`);
      } finally {
        await stop();
      }
    } catch (problem) {
      if (problem instanceof WordingFaults || problem instanceof FhirError) {
        const faults = problem instanceof FhirError ? problem.issues.map((issue) => issue.diagnostics) : problem.faults;
        throw new Error(`Nothing was stored of ${file}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
      }
      throw problem;
    }
  },
};

async function content(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (problem) {
    throw new Error(`${file} cannot be read: ${(problem as Error).message}`);
  }
}

function untilText(until: string | undefined): string {
  return until === undefined ? 'without end' : `until ${until}`;
}
