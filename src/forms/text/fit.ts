import type { Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import type { ItemWording, LicensedWording } from './licensed-wording.ts';
import { isMarked } from './mark.ts';
import { codingsOf, optionName, placesOf, type TextPlace } from './places.ts';
import { recordsOf } from './record.ts';

/**
 * Everything in which a wording does not fit a form, by linkId in the form's order: texts and options that are not in the
 * form, those of the form that are left without words, words in a language in which the form needs none, words for
 * items that nobody is shown. Items that have no text may be left out. Empty: it fits.
 */
export function wordingMisfits(questionnaire: Questionnaire, wording: LicensedWording): string[] {
  const { url, version } = questionnaire;
  if (url !== wording.url || version !== wording.version) {
    return [`questionnaire: is ${wording.url}|${wording.version}, the form is ${url}|${version}`];
  }
  const record = recordsOf(questionnaire).find(({ language }) => language === wording.language);
  if (record?.kind === 'own' || record?.kind === 'shipped') {
    return [`language: the form has its words in ${wording.language} already (${record.kind}); none are to be loaded`];
  }
  const places = placesOf(questionnaire);
  const known = new Set(places.map(({ item }) => item.linkId));
  return [
    ...(wording.title !== undefined && isMarked(wording.title) ? ['title: is a placeholder'] : []),
    ...places.flatMap((place) => misfitsOf(place, wording.items.get(place.item.linkId))),
    ...[...wording.items.keys()]
      .filter((linkId) => !known.has(linkId))
      .map((linkId) => `${linkId}: is not in the form`),
  ];
}

function misfitsOf({ item, hidden }: TextPlace, words: ItemWording | undefined): string[] {
  const { linkId } = item;
  if (hidden) return words === undefined ? [] : [`${linkId}: is shown to nobody and has no licensed words`];
  const misfits: string[] = [];
  if ((item.text !== undefined || item.type === 'display') && words?.text === undefined) {
    misfits.push(`${linkId}: text is missing`);
  }
  if (words?.text !== undefined && isMarked(words.text)) misfits.push(`${linkId}: text is a placeholder`);
  if (item.prefix !== undefined && words?.prefix === undefined) misfits.push(`${linkId}: prefix is missing`);
  return [...misfits, ...optionMisfits(item, words)];
}

function optionMisfits(item: QuestionnaireItem, words: ItemWording | undefined): string[] {
  const names = codingsOf(item).map((coding) => optionName(item, coding));
  const missing = names.filter((name) => words?.options.has(name) !== true);
  const unknown = [...(words?.options.keys() ?? [])].filter((name) => !names.includes(name));
  return [
    ...missing.map((name) => `${item.linkId}: option ${name} is missing`),
    ...unknown.map((name) => `${item.linkId}: option ${name} is not in the form`),
  ];
}
