import type { QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import type { ItemView } from '../contract.ts';
import type { FormWords } from '../words.ts';
import { dateText } from './date-parts.ts';
import { numberText } from './number-text.ts';
import { unitOf } from './question-facts.ts';

/** What was answered, each answer in words; empty where nothing was. */
export function answerTexts(view: ItemView, words: FormWords): readonly string[] {
  const chosen = view.options.filter(({ selected }) => selected).map(({ text }) => text);
  const listed =
    view.options.length > 0 ? view.answers.filter(({ valueString }) => valueString !== undefined) : view.answers;
  const others = chosen.length > 0 || view.options.length === 0 ? listed : view.answers;
  return [...chosen, ...others.map((answer) => textOf(answer, view, words))].filter((text) => text !== '');
}

function textOf(answer: QuestionnaireResponseItemAnswer, view: ItemView, words: FormWords): string {
  const number = answer.valueInteger ?? answer.valueDecimal ?? answer.valueQuantity?.value;
  const time = answer.valueDate ?? answer.valueDateTime ?? answer.valueTime;
  if (answer.valueBoolean !== undefined) return answer.valueBoolean ? words.yes : words.no;
  if (number !== undefined) {
    const unit = answer.valueQuantity?.unit ?? unitOf(view);
    return [numberText(number, words.language), unit].filter(Boolean).join(' ');
  }
  if (time !== undefined) return dateText(time);
  const { valueCoding: coding, valueReference: reference, valueAttachment: file } = answer;
  return (
    answer.valueString ??
    answer.valueUri ??
    coding?.display ??
    coding?.code ??
    reference?.display ??
    reference?.reference ??
    file?.title ??
    ''
  );
}
