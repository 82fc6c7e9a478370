import type { Questionnaire, QuestionnaireItem, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { between, oneOf } from './random.ts';

/** An answer that the story gives: the code of an option (or several), or a date. */
export type Given = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Answers to a flat form. What `given` names is answered so, or left out where it says undefined; of the rest, choices
 * and whole numbers are drawn, each left unanswered with the chance `gap` unless it is required. A question that depends
 * on others is drawn only where the answers before it ask for it (`=` and `!=`); what nobody enters is not drawn.
 */
export function drawAnswers(
  form: Questionnaire,
  random: () => number,
  given: Given,
  gap = 0.03,
): QuestionnaireResponseItem[] {
  const items: QuestionnaireResponseItem[] = [];
  for (const item of form.item ?? []) {
    const isGiven = item.linkId in given;
    if (!isGiven && !isAsked(item, items)) continue;
    const values = isGiven ? answers(item, given[item.linkId]) : drawn(item, random, item.required === true ? 0 : gap);
    if (values.length > 0) items.push({ linkId: item.linkId, answer: values });
  }
  return items;
}

function isAsked(item: QuestionnaireItem, before: readonly QuestionnaireResponseItem[]): boolean {
  if (item.readOnly === true) return false;
  const conditions = item.enableWhen ?? [];
  const holds = (condition: (typeof conditions)[number]): boolean => {
    const answer = before.find(({ linkId }) => linkId === condition.question)?.answer ?? [];
    const isSo = answer.some(({ valueCoding, valueBoolean }) =>
      condition.answerCoding === undefined
        ? valueBoolean === condition.answerBoolean
        : valueCoding?.system === condition.answerCoding.system && valueCoding?.code === condition.answerCoding.code,
    );
    return condition.operator === '!=' ? !isSo : condition.operator === '=' && isSo;
  };
  return item.enableBehavior === 'any' && conditions.length > 0 ? conditions.some(holds) : conditions.every(holds);
}

type Answers = NonNullable<QuestionnaireResponseItem['answer']>;

function answers(item: QuestionnaireItem, value: string | readonly string[] | undefined): Answers {
  const values = value === undefined ? [] : typeof value === 'string' ? [value] : value;
  return values.map((one) => {
    const option = item.answerOption?.find(({ valueCoding }) => valueCoding?.code === one)?.valueCoding;
    return option === undefined ? { valueDate: one } : coding(option);
  });
}

function drawn(item: QuestionnaireItem, random: () => number, gap: number): Answers {
  if (random() < gap) return [];
  if (item.type === 'choice') {
    const options = (item.answerOption ?? []).flatMap(({ valueCoding }) => valueCoding ?? []);
    return options.length === 0 ? [] : [coding(oneOf(random, options))];
  }
  return item.type === 'integer' ? [{ valueInteger: between(random, 1, 9) }] : [];
}

function coding({ system, code, display }: { system?: string; code?: string; display?: string }): Answers[number] {
  return { valueCoding: { system, code, display } };
}
