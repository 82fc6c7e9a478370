import type { Questionnaire } from '@medplum/fhirtypes';
import { codingsOf, optionName, placesOf } from '../../src/forms/text/places.ts';

/** A file of texts as a hospital would write it. */
export interface WordingFile {
  questionnaire: string;
  language: string;
  licence: { holder: string; reference: string; terms: string; until: string | null };
  title?: string;
  items: Record<string, { text?: string; prefix?: string; options?: Record<string, string> }>;
}

/** A file for load-text that fits a form, every text of which is nonsense of our own and tells where it stands. */
export function nonsenseWording(form: Questionnaire, language: string, until: string | null = null): WordingFile {
  const items: WordingFile['items'] = {};
  for (const { item, hidden } of placesOf(form)) {
    if (hidden) continue;
    const names = codingsOf(item).map((coding) => optionName(item, coding));
    items[item.linkId] = {
      text: `Blorf ${item.linkId} ${language}`,
      ...(names.length > 0 && { options: Object.fromEntries(names.map((name) => [name, `Zib ${name} ${language}`])) }),
    };
  }
  return {
    questionnaire: `${form.url}|${form.version}`,
    language,
    licence: { holder: 'Blorf Hospital', reference: 'B-17', terms: 'For nobody', until },
    items,
  };
}
