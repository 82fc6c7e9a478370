import type { Questionnaire } from '@medplum/fhirtypes';
import { codingsOf, optionName, placesOf } from './places.ts';
import { baseLanguage } from './record.ts';
import { textIn } from './translation.ts';

/** A text that a form has in its own language, and not in another. */
export interface MissingText {
  readonly language: string;
  /** `title`, a linkId, or a linkId and `option` with its name. */
  readonly where: string;
}

/** Which texts of a form are missing in which of some languages: title, items (hidden ones too), options. */
export function missingTexts(questionnaire: Questionnaire, languages: readonly string[]): MissingText[] {
  const base = baseLanguage(questionnaire);
  const missing: MissingText[] = [];
  const look = (owner: object, element: string, where: string): void => {
    for (const language of languages) {
      if ((textIn(owner, element, language, base) ?? '').trim() === '') missing.push({ language, where });
    }
  };
  look(questionnaire, 'title', 'title');
  for (const { item } of placesOf(questionnaire)) {
    if (item.text !== undefined || item.type === 'display') look(item, 'text', item.linkId);
    for (const coding of codingsOf(item)) {
      look(coding, 'display', `${item.linkId}, option ${optionName(item, coding)}`);
    }
  }
  return missing;
}
