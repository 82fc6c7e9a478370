import type { QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { answerValue, textMember } from './answers.ts';
import type { Form, FormItem } from './form.ts';
import { codingKey } from './options.ts';
import type { ScoreRule } from './score-rule.ts';

/** What a rule gives for a response. `value` is missing where too few items were answered; it is never rounded. */
export interface Score {
  readonly rule: ScoreRule;
  readonly value: number | undefined;
  readonly answered: number;
}

/**
 * Scores a response by the declared rules (by default all that the form declares). An item counts as answered when its
 * answer has a weight: a "don't know" without weight is missing. With every item answered the score is the sum; with at
 * least `minimumAnswered`, the mean of the answered times the number of items (half rule: Bell et al. 2016).
 */
export function scoreResponse(
  form: Form,
  response: QuestionnaireResponse,
  rules: readonly ScoreRule[] = form.scores,
): Score[] {
  if (rules.length === 0) {
    return [];
  }
  const weights = new Map<string, number>();
  collect(form, response.item ?? [], weights);
  return rules.map((rule) => {
    let sum = 0;
    let answered = 0;
    for (const linkId of rule.items) {
      const weight = weights.get(linkId);
      if (weight !== undefined) {
        sum += weight;
        answered += 1;
      }
    }
    const value =
      answered < rule.minimumAnswered
        ? undefined
        : answered === rule.items.length
          ? sum
          : (sum * rule.items.length) / answered;
    return { rule, value, answered };
  });
}

function collect(form: Form, items: readonly QuestionnaireResponseItem[], weights: Map<string, number>): void {
  for (const entry of items) {
    const item = form.items.get(entry.linkId);
    for (const answer of entry.answer ?? []) {
      const given = answerValue(answer);
      const weight = item === undefined || given === undefined ? undefined : weightOf(item, given.key, given.value);
      if (weight !== undefined) weights.set(entry.linkId, weight);
      if (answer.item) collect(form, answer.item, weights);
    }
    if (entry.item) collect(form, entry.item, weights);
  }
}

function weightOf(item: FormItem, key: string, value: unknown): number | undefined {
  if (key === 'valueCoding') {
    const code = textMember(value, 'code');
    const system = textMember(value, 'system');
    const option =
      item.options?.byKey.get(codingKey(system, code)) ??
      (system === undefined && code !== undefined ? item.options?.byCode.get(code) : undefined);
    return option?.weight;
  }
  return typeof value === 'number' ? value : undefined;
}
