import type { QuestionnaireItemEnableWhen, QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import { compareTemporal } from '../fhirpath/temporal.ts';
import { answerValue, textMember } from './answers.ts';
import { compareQuantities } from './constraints/quantity.ts';

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
