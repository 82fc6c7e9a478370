import type {
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import { textIn } from '../../forms/text/translation.ts';
import type { Language } from '../../model/language.ts';
import type { Displays } from './displays.ts';
import { valueText } from './value-text.ts';
import type { Words } from './words.ts';

/** One line of a form: a heading, or a question with its answers. */
export interface FormLine {
  readonly depth: number;
  readonly text: string;
  /** Undefined: a heading. */
  readonly answers: readonly string[] | undefined;
}

/** A response with the words of its form, in the document's language where the form has them. */
export function formLines(
  response: QuestionnaireResponse,
  form: Questionnaire | undefined,
  language: Language,
  words: Words,
  displays: Displays,
): readonly FormLine[] {
  const base = form?.language ?? 'nb';
  const lines: FormLine[] = [];
  const visit = (
    items: readonly QuestionnaireResponseItem[] | undefined,
    definitions: readonly QuestionnaireItem[],
    depth: number,
  ): void => {
    for (const item of items ?? []) {
      const definition = definitions.find(({ linkId }) => linkId === item.linkId);
      const own = definition && (textIn(definition, 'text', language, base) ?? definition.text);
      const answers = item.answer?.map((answer) => answerText(answer, definition, language, base, words, displays));
      const nested = definition?.item ?? [];
      lines.push({
        depth,
        text: own ?? item.text ?? item.linkId,
        answers: answers ?? (definition?.type === 'group' || (item.item?.length ?? 0) > 0 ? undefined : []),
      });
      visit(item.item, nested, depth + 1);
      for (const answer of item.answer ?? []) visit(answer.item, nested, depth + 1);
    }
  };
  visit(response.item, form?.item ?? [], 0);
  return lines;
}

/** The form's title in the document's language. */
export function formTitle(
  response: QuestionnaireResponse,
  form: Questionnaire | undefined,
  language: Language,
): string {
  const own = form && (textIn(form, 'title', language, form.language ?? 'nb') ?? form.title);
  return own ?? response.questionnaire ?? '';
}

function answerText(
  answer: QuestionnaireResponseItemAnswer,
  definition: QuestionnaireItem | undefined,
  language: Language,
  base: string,
  words: Words,
  displays: Displays,
): string {
  const { valueCoding } = answer;
  const option = definition?.answerOption?.find(
    (each) => each.valueCoding?.code === valueCoding?.code && each.valueCoding?.system === valueCoding?.system,
  )?.valueCoding;
  if (valueCoding !== undefined) {
    const shown = option && (textIn(option, 'display', language, base) ?? option.display);
    return shown ?? displays.of(valueCoding);
  }
  const [, value] = Object.entries(answer).find(([key]) => key.startsWith('value')) ?? [];
  return valueText(value, words, displays);
}
