import type { QuestionnaireItem, QuestionnaireItemEnableWhen } from '@medplum/fhirtypes';
import { nameOfExtension } from '../constraints/extension-values.ts';
import { type BlankForm, hasControl } from './blank-form.ts';
import { filledIn } from './words.ts';

/**
 * When an item is to be filled in, in words: R4 enableWhen by the questions' numbers; of an expression only that it
 * depends on what was answered. Undefined for what is always asked.
 */
export function onlyIf(form: BlankForm, item: QuestionnaireItem): string | undefined {
  const { words } = form;
  if (item.extension?.some(({ url }) => nameOfExtension(url) === 'enableWhenExpression') === true) {
    return words.onlyIfFits;
  }
  const conditions = merged(item).map((each) => condition(form, each));
  if (conditions.length === 0) return undefined;
  const joined = [...new Set(conditions)].join(item.enableBehavior === 'any' ? words.or : words.and);
  return filledIn(words.onlyIf, { conditions: joined });
}

/** Conditions that an answer may fulfil in several ways, as one each: «A» or «B». */
type Condition = QuestionnaireItemEnableWhen & { readonly others?: readonly QuestionnaireItemEnableWhen[] };

function merged({ enableWhen = [], enableBehavior }: QuestionnaireItem): readonly Condition[] {
  if (enableBehavior !== 'any') return enableWhen;
  const by = Map.groupBy(enableWhen, (each) => (each.operator === '=' ? each.question : each));
  return [...by.values()].flatMap(([first, ...others]) => (first === undefined ? [] : [{ ...first, others }]));
}

const SIGNS: Readonly<Record<string, string>> = { '>': '>', '<': '<', '>=': '≥', '<=': '≤' };

function condition(form: BlankForm, when: Condition): string {
  const { words } = form;
  const question = named(form, when.question);
  if (when.operator === 'exists') {
    return filledIn(when.answerBoolean === false ? words.notAnswered : words.answered, { question });
  }
  const asked = form.find(when.question ?? '');
  if (when.answerBoolean !== undefined && asked !== undefined && hasControl(asked, 'check-box')) {
    const ticked = when.answerBoolean === (when.operator === '=');
    return filledIn(ticked ? words.ticked : words.notTicked, { question });
  }
  const sentences: Readonly<Record<string, string>> = { '=': words.is, '!=': words.isNot };
  const sentence = sentences[when.operator ?? ''] ?? words.compared;
  const answer = [when, ...(when.others ?? [])].map((each) => answerOf(form, each)).join(words.or);
  return filledIn(sentence, { question, answer, sign: SIGNS[when.operator ?? ''] ?? '' });
}

function named(form: BlankForm, linkId: string | undefined): string {
  const number = form.numberOf(linkId ?? '')?.replace(/\.$/, '');
  if (number !== undefined) return filledIn(form.words.question, { number });
  const item = form.find(linkId ?? '');
  return `«${item === undefined ? (linkId ?? '') : form.text(item, 'text')}»`;
}

function answerOf(form: BlankForm, when: QuestionnaireItemEnableWhen): string {
  const { words } = form;
  if (when.answerCoding !== undefined) {
    const { system, code, display } = when.answerCoding;
    const asked = form.find(when.question ?? '');
    const option = asked && form.codings(asked)?.find((each) => each.code === code && each.system === system);
    const text = option === undefined ? (display ?? code ?? '') : form.text(option, 'display');
    return `«${text}»`;
  }
  if (when.answerBoolean !== undefined) return `«${when.answerBoolean ? words.yes : words.no}»`;
  const { answerQuantity: quantity } = when;
  if (quantity !== undefined) return [quantity.value, quantity.unit ?? quantity.code].join(' ').trim();
  return String(
    when.answerInteger ??
      when.answerDecimal ??
      when.answerDate ??
      when.answerDateTime ??
      when.answerTime ??
      when.answerString ??
      '',
  );
}
