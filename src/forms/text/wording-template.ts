import type { Questionnaire } from '@medplum/fhirtypes';
import { codingsOf, optionName, placesOf } from './places.ts';

/** A file for load-text with every text of a form to be filled in: they are empty, and as such refused. */
export function wordingTemplate(questionnaire: Questionnaire, language: string): Record<string, unknown> {
  const items: Record<string, unknown> = {};
  for (const { item, hidden } of placesOf(questionnaire)) {
    const names = codingsOf(item).map((coding) => optionName(item, coding));
    const words = {
      ...(item.prefix !== undefined && { prefix: '' }),
      ...((item.text !== undefined || item.type === 'display') && { text: '' }),
      ...(names.length > 0 && { options: Object.fromEntries(names.map((name) => [name, ''])) }),
    };
    if (!hidden && Object.keys(words).length > 0) items[item.linkId] = words;
  }
  return {
    questionnaire: `${questionnaire.url}|${questionnaire.version}`,
    language,
    licence: { holder: '', reference: '', terms: '', until: '' },
    items,
  };
}
