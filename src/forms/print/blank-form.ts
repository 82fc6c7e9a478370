import type { Coding, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { nameOfExtension } from '../constraints/extension-values.ts';
import { codingsOf, containedValueSet } from '../options.ts';
import { textIn } from '../text/translation.ts';
import { type PrintWords, printWords } from './words.ts';

/** A form on its way to paper: what is looked up for each of its items. */
export interface BlankForm {
  readonly language: string;
  readonly words: PrintWords;
  /** A text of the form, in the language or else in the form's own. */
  text(owner: object, element: string): string;
  /** How an item is called on paper; undefined for what has no number. */
  numberOf(linkId: string): string | undefined;
  find(linkId: string): QuestionnaireItem | undefined;
  /** The codings that a question offers; undefined where it offers none, or they are not to be had. */
  codings(item: QuestionnaireItem): readonly Coding[] | undefined;
}

/** More options than this are a code list, which nobody prints: a line takes their place. */
const OPTIONS_MAX = 40;

/** @param valueSets the codings of value sets that the form names and does not contain */
export function blankForm(
  questionnaire: Questionnaire,
  language: string,
  valueSets: (canonical: string) => readonly Coding[] | undefined,
): BlankForm {
  const base = questionnaire.language ?? '';
  const items = new Map<string, QuestionnaireItem>();
  const numbers = new Map<string, string>();
  let count = 0;
  const all = printedItems(questionnaire.item);
  const walk = (level: readonly QuestionnaireItem[], own: boolean): void => {
    for (const item of level) {
      items.set(item.linkId, item);
      const isQuestion = item.type !== 'group' && item.type !== 'display';
      if (isQuestion) count += 1;
      const number = item.prefix ?? (isQuestion && !own ? `${count}.` : undefined);
      if (number !== undefined) numbers.set(item.linkId, number);
      walk(printedItems(item.item), own);
    }
  };
  // A form that numbers its questions itself is not numbered a second time.
  walk(all, hasPrefix(all));
  return {
    language,
    words: printWords(language),
    text: (owner, element) => textIn(owner, element, language, base) ?? textIn(owner, element, base, base) ?? '',
    numberOf: (linkId) => numbers.get(linkId),
    find: (linkId) => items.get(linkId),
    codings: (item) => {
      const listed = item.answerOption?.flatMap(({ valueCoding }) => valueCoding ?? []);
      if (listed !== undefined) return listed;
      const contained = containedValueSet(questionnaire, item.answerValueSet);
      const found = contained ? codingsOf(contained) : item.answerValueSet && valueSets(item.answerValueSet);
      return found === undefined || found === '' || found.length > OPTIONS_MAX ? undefined : found;
    },
  };
}

/**
 * What of a level is for paper: not what is hidden, what the form calculates or says of calculations, or what a registry
 * no longer asks.
 */
export function printedItems(items: readonly QuestionnaireItem[] | undefined): readonly QuestionnaireItem[] {
  return (items ?? []).filter(
    ({ type, extension, readOnly }) =>
      !is(extension, 'hidden') &&
      !is(extension, 'retired') &&
      !is(extension, 'internal') &&
      !(type === 'display' && has(extension, 'enableWhenExpression')) &&
      !(readOnly === true && has(extension, 'calculatedExpression')),
  );
}

/** Whether an item is drawn by a control of SDC or R4 (questionnaire-itemControl). */
export function hasControl({ extension }: QuestionnaireItem, ...codes: readonly string[]): boolean {
  return (extension ?? []).some(
    ({ url, valueCodeableConcept }) =>
      nameOfExtension(url) === 'itemControl' &&
      valueCodeableConcept?.coding?.some(({ code }) => codes.includes(code ?? '')) === true,
  );
}

function has(extension: QuestionnaireItem['extension'], name: string): boolean {
  return extension?.some(({ url }) => nameOfExtension(url) === name) ?? false;
}

function is(extension: QuestionnaireItem['extension'], name: string): boolean {
  return extension?.some(({ url, valueBoolean }) => nameOfExtension(url) === name && valueBoolean === true) ?? false;
}

function hasPrefix(items: readonly QuestionnaireItem[]): boolean {
  return items.some(({ prefix, item }) => prefix !== undefined || hasPrefix(printedItems(item)));
}
