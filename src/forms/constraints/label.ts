import type { Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { type Language, languageOfTag } from '../../model/language.ts';
import { member, textMember } from '../answers.ts';
import { nameOfExtension } from './extension-values.ts';

/** An item in words, in a language or else in the form's own; undefined if it has none that are short enough. */
export type Label = (language: Language) => string | undefined;

/** Longer texts do not name a question in a sentence about it. */
const LENGTH_MAX = 80;

/** The item's short text (SDC shortText), else its text if that is short. Looked for when a fault is told. */
export function labelOf(questionnaire: Questionnaire, item: QuestionnaireItem): Label {
  const own = languageOfTag(questionnaire.language);
  return (language) => {
    const short = item.extension?.find(({ url }) => nameOfExtension(url) === 'shortText');
    const words =
      short === undefined
        ? inLanguage(item.text, member(item, '_text'), language, own)
        : inLanguage(short.valueString, member(short, '_valueString'), language, own);
    return words !== undefined && words.length <= LENGTH_MAX ? words : undefined;
  };
}

function inLanguage(
  text: string | undefined,
  primitive: unknown,
  language: Language,
  own: Language | undefined,
): string | undefined {
  return language === own ? text : (translations(primitive).get(language) ?? text);
}

/** The translations of a text (FHIR core extension `translation`), by our languages. */
function translations(primitive: unknown): ReadonlyMap<Language, string> {
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
