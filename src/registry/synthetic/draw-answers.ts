import type { Questionnaire, QuestionnaireItem, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { between, oneOf } from './random.ts';

/** An answer that the story gives: the code of an option (or several), or a date. */
export type Given = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Answers to a flat form. What `given` names is answered so, or left out where it says undefined; of the rest, questions
 * that depend on others are left out and choices are drawn, each left unanswered with the chance `gap`.
 */
export function drawAnswers(
  form: Questionnaire,
  random: () => number,
  given: Given,
  gap = 0.03,
): QuestionnaireResponseItem[] {
  return (form.item ?? []).flatMap((item) => {
    const values = item.linkId in given ? answers(item, given[item.linkId]) : drawn(item, random, gap);
    return values.length === 0 ? [] : [{ linkId: item.linkId, answer: values }];
  });
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
  if (item.enableWhen !== undefined || random() < gap) return [];
  if (item.type === 'choice') {
    const options = (item.answerOption ?? []).flatMap(({ valueCoding }) => valueCoding ?? []);
    return options.length === 0 ? [] : [coding(oneOf(random, options))];
  }
  return item.type === 'integer' ? [{ valueInteger: between(random, 1, 9) }] : [];
}

function coding({ system, code, display }: { system?: string; code?: string; display?: string }): Answers[number] {
  return { valueCoding: { system, code, display } };
}
