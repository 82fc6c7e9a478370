import type { QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import { member } from '../answers.ts';
import type { FormItem } from '../form.ts';
import type { Place } from '../place.ts';
import { asAnswers } from './as-answers.ts';
import type { FormExpression } from './expression.ts';
import type { FormState } from './form-state.ts';

/**
 * The answers that an answerExpression permits; undefined if the item has none, or it could not be evaluated: then nothing
 * can be said about what is permitted.
 *
 * @param place of the item itself
 */
export function permittedAnswers(
  state: FormState,
  item: FormItem,
  place: Place,
): readonly QuestionnaireResponseItemAnswer[] | undefined {
  return answersOf(state, item, place, item.expressions.answers);
}

/**
 * The answers that a candidateExpression suggests; undefined as with permittedAnswers. Any other may be given as well.
 *
 * @param place of the item itself
 */
export function candidateAnswers(
  state: FormState,
  item: FormItem,
  place: Place,
): readonly QuestionnaireResponseItemAnswer[] | undefined {
  return answersOf(state, item, place, item.expressions.candidates);
}

function answersOf(
  state: FormState,
  item: FormItem,
  place: Place,
  expression: FormExpression | undefined,
): readonly QuestionnaireResponseItemAnswer[] | undefined {
  const values = expression && state.attempt(expression, place);
  if (expression === undefined || values === undefined) {
    return undefined;
  }
  // A searchset Bundle stands for the resources that it found.
  const found = values.flatMap(({ type, value }) => (type === 'Bundle' ? matches(value) : [{ type, value }]));
  const { answers, fault } = asAnswers({ ...item, repeats: true }, found);
  if (fault !== undefined) {
    state.fail(expression.path, fault);
    return undefined;
  }
  return answers;
}

function matches(bundle: unknown): { readonly type: string; readonly value: unknown }[] {
  const entries = member(bundle, 'entry');
  return (Array.isArray(entries) ? entries : []).flatMap((entry) => {
    const value = member(entry, 'resource');
    const type = member(value, 'resourceType');
    return typeof type !== 'string' || member(member(entry, 'search'), 'mode') === 'include' ? [] : [{ type, value }];
  });
}
