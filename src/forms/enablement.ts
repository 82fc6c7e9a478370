import type {
  QuestionnaireItemEnableWhen,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import { compareTemporal } from '../fhirpath/temporal.ts';
import { answerValue, textMember } from './answers.ts';
import { compareQuantities } from './constraints/quantity.ts';
import type { Form, FormItem } from './form.ts';

/** One group or answer of a response whose items are being looked at, and those that it stands in. */
export interface Scope {
  /** The form item that this is an occurrence of; undefined for the response itself. */
  readonly item: FormItem | undefined;
  readonly items: readonly QuestionnaireResponseItem[];
  readonly outer: Scope | undefined;
}

/**
 * Whether an item is enabled where it stands. A question is looked for where the spec says (R4 Questionnaire, "enableWhen"):
 * nearest first, so inside the same occurrence of a repeating group before elsewhere. Items that stand in a disabled
 * parent never get here: the caller goes from the outside in.
 */
export function isEnabled(form: Form, item: FormItem, scope: Scope): boolean {
  const rules = item.enableWhen;
  if (rules.length === 0) {
    return true;
  }
  return item.enableAny
    ? rules.some((rule) => holds(form, rule, scope))
    : rules.every((rule) => holds(form, rule, scope));
}

function holds(form: Form, rule: QuestionnaireItemEnableWhen, scope: Scope): boolean {
  const question = form.items.get(rule.question);
  return question !== undefined && ruleHolds(rule, answersTo(question, scope));
}

/**
 * Whether one enableWhen holds for the answers that its question has. `!=` holds for an unanswered question
 * (questionnaire-enable-operator: "no answer has a value that is equal"); every other operator but `exists` needs an answer.
 */
export function ruleHolds(
  rule: QuestionnaireItemEnableWhen,
  answers: readonly QuestionnaireResponseItemAnswer[],
): boolean {
  if (rule.operator === 'exists') {
    return answers.length > 0 === rule.answerBoolean;
  }
  if (rule.operator === '!=') {
    return !answers.some((answer) => compare(answer, rule) === 0);
  }
  return answers.some((answer) => {
    const order = compare(answer, rule);
    if (order === undefined) return false;
    switch (rule.operator) {
      case '=':
        return order === 0;
      case '>':
        return order > 0;
      case '<':
        return order < 0;
      case '>=':
        return order >= 0;
      case '<=':
        return order <= 0;
      default:
        return false;
    }
  });
}

/** All answers to a question that are reachable from the nearest scope which the question and the asker share. */
function answersTo(question: FormItem, from: Scope): QuestionnaireResponseItemAnswer[] {
  const path: FormItem[] = [];
  for (let step: FormItem | undefined = question; step !== undefined; step = step.parent) {
    path.unshift(step);
  }
  let scope: Scope = from;
  while (scope.item !== undefined && !path.includes(scope.item)) {
    scope = scope.outer ?? { item: undefined, items: [], outer: undefined };
  }
  const rest = scope.item === undefined ? path : path.slice(path.indexOf(scope.item) + 1);
  let level = scope.items;
  for (const step of rest.slice(0, -1)) {
    level = level
      .filter((entry) => entry.linkId === step.linkId)
      .flatMap((entry) => [...(entry.item ?? []), ...(entry.answer ?? []).flatMap((answer) => answer.item ?? [])]);
  }
  return level
    .filter((entry) => entry.linkId === question.linkId)
    .flatMap((entry) => entry.answer ?? [])
    .filter((answer) => answerValue(answer) !== undefined);
}

/** Negative, 0 or positive; 1 also for codings and references that differ; undefined where they can't be compared. */
function compare(answer: QuestionnaireResponseItemAnswer, rule: QuestionnaireItemEnableWhen): number | undefined {
  const given = answerValue(answer)?.value;
  if (rule.answerCoding !== undefined) {
    const sameSystem =
      rule.answerCoding.system === undefined ||
      textMember(given, 'system') === undefined ||
      textMember(given, 'system') === rule.answerCoding.system;
    return sameSystem && textMember(given, 'code') === rule.answerCoding.code ? 0 : 1;
  }
  if (rule.answerReference !== undefined) {
    return textMember(given, 'reference') === rule.answerReference.reference ? 0 : 1;
  }
  if (rule.answerQuantity !== undefined) {
    const difference = compareQuantities(answer.valueQuantity ?? {}, rule.answerQuantity);
    return difference === 'units' ? undefined : difference;
  }
  const moment = rule.answerDateTime ?? rule.answerDate ?? rule.answerTime;
  if (moment !== undefined) {
    return typeof given === 'string' ? compareTemporal(given, moment) : undefined;
  }
  return order(given, rule.answerBoolean ?? rule.answerInteger ?? rule.answerDecimal ?? rule.answerString);
}

function order(given: unknown, wanted: unknown): number | undefined {
  if (typeof given === 'number' && typeof wanted === 'number') {
    return Number.isNaN(given - wanted) ? undefined : given - wanted;
  }
  if (typeof given === 'string' && typeof wanted === 'string') {
    return given === wanted ? 0 : given < wanted ? -1 : 1;
  }
  return typeof given === 'boolean' && typeof wanted === 'boolean' ? Number(given) - Number(wanted) : undefined;
}
