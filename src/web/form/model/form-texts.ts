import type { Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { nameOfExtension } from '../../../forms/constraints/extension-values.ts';
import { textIn } from '../../../forms/text/translation.ts';
import type { Language } from '../../../model/language.ts';
import type { FormLanguage } from '../contract.ts';

const LANGUAGES: readonly FormLanguage[] = ['nb', 'nn', 'sv', 'en', 'se'];
const NORWEGIAN = ['nb', 'nb-NO', 'no', 'nn', 'nn-NO'];
/** Where a form has no text in a language, the next that its speakers read; the form's own is the last of all. */
const TAGS: Readonly<Record<FormLanguage, readonly string[]>> = {
  nb: NORWEGIAN,
  nn: ['nn', 'nn-NO', ...NORWEGIAN],
  sv: ['sv', 'sv-SE', 'sv-FI'],
  en: ['en', 'en-GB', 'en-US'],
  se: ['se', 'se-NO', 'se-SE', ...NORWEGIAN],
};

/** The language in which the server's faults are told: it has three. */
export function faultLanguage(language: FormLanguage): Language {
  return language === 'nn' || language === 'se' ? 'nb' : language;
}

/** A primitive's text (`text`, `display`, `title`) in a language or the nearest that the form has; '' where it has none. */
export function textOf(owner: object, element: string, language: FormLanguage, base: string): string {
  for (const tag of TAGS[language]) {
    const text = textIn(owner, element, tag, base);
    if (text !== undefined) return text;
  }
  return textIn(owner, element, base, base) ?? '';
}

/** The languages that a form is written in: its own, and those in which its title or half of its items are told. */
export function languagesOf(questionnaire: Questionnaire): readonly FormLanguage[] {
  const base = questionnaire.language ?? '';
  const items = textsOf(questionnaire.item);
  return LANGUAGES.filter((language) => {
    const [own = language] = [TAGS[language].find((tag) => tag === base && tag.startsWith(language))];
    const tags = [own, language, ...TAGS[language].filter((tag) => tag.startsWith(`${language}-`))];
    const has = (owner: object, element: string): boolean =>
      tags.some((tag) => textIn(owner, element, tag, base) !== undefined);
    const told = items.filter((item) => has(item, 'text')).length;
    return told > 0 ? told * 2 >= items.length : items.length === 0 && has(questionnaire, 'title');
  });
}

/** Whether an item is drawn by one of these controls of SDC or R4 (questionnaire-itemControl). */
export function itemControlsOf({ extension }: QuestionnaireItem): readonly string[] {
  return (extension ?? []).flatMap(({ url, valueCodeableConcept }) =>
    nameOfExtension(url) === 'itemControl'
      ? (valueCodeableConcept?.coding ?? []).flatMap(({ code }) => code ?? [])
      : [],
  );
}

function textsOf(items: readonly QuestionnaireItem[] | undefined): QuestionnaireItem[] {
  return (items ?? []).flatMap((item) => [...(item.text === undefined ? [] : [item]), ...textsOf(item.item)]);
}
