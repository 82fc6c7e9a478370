import type { Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { type Language, languageOfTag } from '../../model/language.ts';
import { member, textMember } from '../answers.ts';
import { nameOfExtension } from './extension-values.ts';

/** An item in words: its short text (SDC shortText) in a language, else in the form's own; undefined if it has none. */
export type Label = (language: Language) => string | undefined;

/** Made for an item; the short text is looked for when a fault is told. */
export function labelOf(questionnaire: Questionnaire, item: QuestionnaireItem): Label {
  return (language) => {
    const extension = item.extension?.find(({ url }) => nameOfExtension(url) === 'shortText');
    const short = extension?.valueString;
    if (short === undefined || languageOfTag(questionnaire.language) === language) {
      return short;
    }
    return translations(member(extension, '_valueString')).get(language) ?? short;
  };
}

/** The translations of a text (FHIR core extension `translation`), by our languages. */
export function translations(primitive: unknown): ReadonlyMap<Language, string> {
  const found = new Map<Language, string>();
  for (const extension of listOf(member(primitive, 'extension'))) {
    if (textMember(extension, 'url') !== 'http://hl7.org/fhir/StructureDefinition/translation') continue;
    const parts = listOf(member(extension, 'extension'));
    const part = (name: string): unknown => parts.find((each) => textMember(each, 'url') === name);
    const language = languageOfTag(textMember(part('lang'), 'valueCode'));
    const content = textMember(part('content'), 'valueString') ?? textMember(part('content'), 'valueMarkdown');
    if (language !== undefined && content !== undefined) {
      found.set(language, content);
    }
  }
  return found;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
