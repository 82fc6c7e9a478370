import type { QuestionnaireResponseItem, QuestionnaireResponseItemAnswer, Reference } from '@medplum/fhirtypes';
import { answerValue } from '../answers.ts';
import type { Given } from '../expressions/form-env.ts';
import type { Form, FormItem } from '../form.ts';
import type { Place } from '../place.ts';
import type { Standing } from './evaluation.ts';
import { extensionsNamed } from './extensions.ts';

/** One occurrence of a group, or one answer to a question: what is extracted once. */
export interface Occurrence {
  readonly item: FormItem;
  readonly node: QuestionnaireResponseItem;
  /** Undefined for a group. */
  readonly answer: QuestionnaireResponseItemAnswer | undefined;
  readonly container: Place;
}

/** The occurrences of one item of the response that something is answered in. */
export function answeredOccurrences(
  item: FormItem,
  node: QuestionnaireResponseItem,
  container: Place,
): readonly Occurrence[] {
  if (item.type === 'group') {
    return isAnswered(node) ? [{ item, node, answer: undefined, container }] : [];
  }
  return (node.answer ?? []).filter(isAnswer).map((answer) => ({ item, node, answer, container }));
}

/** Where expressions on an item are evaluated: for each answer, on the item as if it had this one only. */
export function standingAt({ item, node, answer, container }: Occurrence, given: Given): Standing {
  const value = answer === undefined || node.answer?.length === 1 ? node : { ...node, answer: [answer] };
  return { focus: { type: 'QuestionnaireResponse.item', value }, place: container.inside(item, node), given };
}

/** Whom the items of a place are about, where one of them says so: SDC's isSubject. */
export function subjectIn({ items }: Place, form: Form): Reference | undefined {
  for (const { linkId, answer } of items) {
    const source = form.items.get(linkId)?.source;
    const [mark] = source === undefined ? [] : extensionsNamed(source, 'isSubject', '');
    if (mark?.extension.valueBoolean === true && answer?.[0]?.valueReference !== undefined) {
      return answer[0].valueReference;
    }
  }
  return undefined;
}

function isAnswered({ item, answer }: QuestionnaireResponseItem): boolean {
  return (answer ?? []).some(isAnswer) || (item ?? []).some(isAnswered);
}

function isAnswer(answer: QuestionnaireResponseItemAnswer): boolean {
  return answerValue(answer) !== undefined || (answer.item ?? []).some(isAnswered);
}
