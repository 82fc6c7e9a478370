import type { Questionnaire, QuestionnaireItem, QuestionnaireItemAnswerOption } from '@medplum/fhirtypes';
import { wordingMisfits } from './fit.ts';
import type { ItemWording, LicensedWording } from './licensed-wording.ts';
import { withoutMark } from './mark.ts';
import { codingsOf, optionName, placesOf } from './places.ts';
import { baseLanguage, recordsOf, withRecord } from './record.ts';
import { textIn, withText } from './translation.ts';

/**
 * A form with the words of one language loaded, and the licence recorded with them. Nothing but texts changes, and none
 * of another language. The wording must fit (wordingMisfits). Loading the same words under the same licence again gives
 * the same form, with the instant at which they were loaded first.
 *
 * @param now instant, as FHIR's dateTime
 */
export function withWording(questionnaire: Questionnaire, wording: LicensedWording, now: string): Questionnaire {
  const { language, licence } = wording;
  const base = baseLanguage(questionnaire);
  const title =
    wording.title ?? withoutMark(textIn(questionnaire, 'title', language, base) ?? questionnaire.title ?? '');
  const worded: Questionnaire = {
    ...(title === '' ? questionnaire : withText(questionnaire, 'title', language, base, title)),
    item: questionnaire.item?.map((item) => wordedItem(item, wording, base)),
  };
  const record = { language, kind: 'licensed', ...licence } as const;
  const before = recordsOf(questionnaire).find((each) => each.language === language);
  const again = withRecord(worded, { ...record, loaded: before?.loaded });
  return before?.kind === 'licensed' && JSON.stringify(again) === JSON.stringify(questionnaire)
    ? questionnaire
    : withRecord(worded, { ...record, loaded: now });
}

/**
 * A newly shipped form with the licensed words that were loaded into the one stored before it: for each language in which
 * they still fit. Of another version nothing is carried over, its words have to be loaded for it.
 */
export function withCarriedWording(shipped: Questionnaire, stored: Questionnaire): Questionnaire {
  let carried = shipped;
  for (const { language, kind, holder = '', reference = '', terms = '', until, loaded = '' } of recordsOf(stored)) {
    if (kind !== 'licensed') continue;
    const wording = wordingIn(stored, language, { holder, reference, terms, until });
    if (wordingMisfits(carried, wording).length === 0) carried = withWording(carried, wording, loaded);
  }
  return carried;
}

/** The words of a form in one language, as a file would hold them. */
function wordingIn(
  questionnaire: Questionnaire,
  language: string,
  licence: LicensedWording['licence'],
): LicensedWording {
  const base = baseLanguage(questionnaire);
  const { url = '', version = '' } = questionnaire;
  const wordsOf = (item: QuestionnaireItem): ItemWording => ({
    text: textIn(item, 'text', language, base),
    prefix: textIn(item, 'prefix', language, base),
    options: new Map(
      codingsOf(item).flatMap((coding) => {
        const display = textIn(coding, 'display', language, base);
        return display === undefined ? [] : [[optionName(item, coding), display] as const];
      }),
    ),
  });
  const shown = placesOf(questionnaire).filter(({ hidden }) => !hidden);
  return {
    url,
    version,
    language,
    licence,
    title: textIn(questionnaire, 'title', language, base),
    items: new Map(shown.map(({ item }) => [item.linkId, wordsOf(item)])),
  };
}

function wordedItem(item: QuestionnaireItem, wording: LicensedWording, base: string): QuestionnaireItem {
  const { language } = wording;
  const words = wording.items.get(item.linkId);
  let worded = item;
  if (words?.text !== undefined) worded = withText(worded, 'text', language, base, words.text);
  if (words?.prefix !== undefined) worded = withText(worded, 'prefix', language, base, words.prefix);
  const { answerOption, item: children } = item;
  if (answerOption !== undefined) {
    worded = {
      ...worded,
      answerOption: answerOption.map((option) => wordedOption(item, option, words, language, base)),
    };
  }
  return children === undefined
    ? worded
    : { ...worded, item: children.map((child) => wordedItem(child, wording, base)) };
}

function wordedOption(
  item: QuestionnaireItem,
  option: QuestionnaireItemAnswerOption,
  words: ItemWording | undefined,
  language: string,
  base: string,
): QuestionnaireItemAnswerOption {
  const { valueCoding } = option;
  const display = valueCoding && words?.options.get(optionName(item, valueCoding));
  if (valueCoding === undefined || display === undefined) return option;
  return { ...option, valueCoding: withText(valueCoding, 'display', language, base, display) };
}
