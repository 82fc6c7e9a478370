import type { Questionnaire } from '@medplum/fhirtypes';
import { systemCaller } from '../model/caller.ts';
import { languages } from '../model/language.ts';
import { currentOfType } from '../store/read.ts';
import type { Command } from './command.ts';
import { missingText, templateText, wordingText } from './texts/tables.ts';

export const texts: Command = {
  summary: 'list whose words the forms have, under which licence and until when',
  operands: '',
  flags: { missing: `list the texts that are missing in a language instead (${languages.join(', ')})` },
  options: {
    template: 'print a file for load-text, to be filled in, for the form with this url|version or name|version',
    language: 'the language that --missing or --template is about, a BCP 47 tag such as nn',
  },
  async run({ settings, log, operands, flags, options }) {
    if (operands.length > 0) throw new Error('texts takes no operands.');
    const { openWithoutHttp } = await import('../server/without-http.ts');
    const { fhir, stop } = await openWithoutHttp(settings, log);
    try {
      const stored = await currentOfType(fhir.engine.pool, systemCaller, 'Questionnaire');
      const forms = stored.map(({ content }) => JSON.parse(content) as Questionnaire);
      const today = fhir.engine.clock.now().toISOString().slice(0, 10);
      const wanted = options.language === undefined ? languages : [options.language];
      if (options.template !== undefined) process.stdout.write(templateText(forms, options.template, options.language));
      else process.stdout.write(flags.has('missing') ? missingText(forms, wanted) : wordingText(forms, today));
    } finally {
      await stop();
    }
  },
};
