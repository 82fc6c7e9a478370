import { dialectNamed, fromDialect } from '../packages/dialects.ts';
import { foundResources } from '../packages/found-resources.ts';
import { packageLimits } from '../packages/limits.ts';
import { loadResources } from '../packages/load-resources.ts';
import { refusalLines, reportText } from '../packages/report.ts';
import { sourceFiles } from '../packages/source-files.ts';
import type { Command } from './command.ts';

export const load: Command = {
  summary: 'load a FHIR package, or a folder of resources, into the database',
  operands: '<folder, .tgz or .json>',
  flags: {
    historic: 'old data: dates kept, retired forms accepted, membership derived, nothing ordered or sent',
  },
  options: {
    dialect: 'what the forms are written in, if not in SDC: helsenorge (made in Structor)',
  },
  async run({ settings, log, operands, flags, options }) {
    const [source, ...more] = operands;
    if (source === undefined || more.length > 0) {
      throw new Error('load needs one folder or .tgz or .json file, as in: npm run svar -- load ./my-package.tgz');
    }
    const dialect = dialectNamed(options.dialect);
    const found = foundResources(await sourceFiles(source));
    const { resources, refusals, notes } =
      dialect === undefined ? { ...found, notes: [] } : fromDialect(found, dialect);
    if (refusals.length > 0) {
      throw new Error(`Nothing was stored; these files cannot be read:\n${refusalLines(refusals).join('\n')}`);
    }
    if (resources.length === 0) {
      throw new Error(`${source} holds no resources (*.json or *.ndjson).`);
    }
    for (const note of notes) process.stdout.write(`${note}\n`);
    // Loaded only now, so that a mistake in the package is answered at once.
    const [{ openWithoutHttp }, { loaderOf }] = await Promise.all([
      import('../server/without-http.ts'),
      import('../server/loader.ts'),
    ]);
    const { fhir, stop } = await openWithoutHttp(settings, log);
    try {
      const report = await loadResources(loaderOf(fhir), resources, {
        historic: flags.has('historic'),
        partMax: packageLimits.partMax,
        progress(part, of, count) {
          if (of > 1) process.stdout.write(`part ${part} of ${of}: ${count} resources in one transaction\n`);
        },
      });
      process.stdout.write(reportText(report));
      if (report.refusals.length > 0) {
        throw new Error(`${source} was not loaded as a whole.`);
      }
    } finally {
      await stop();
    }
  },
};
