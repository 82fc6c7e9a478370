import type { QuestionnaireResponse, QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import { asAnswers } from '../expressions/as-answers.ts';
import type { Given } from '../expressions/form-env.ts';
import type { FormState } from '../expressions/form-state.ts';
import type { FormItem } from '../form.ts';
import type { Place } from '../place.ts';
import type { AskedQueries } from './asked-queries.ts';
import { foundResources } from './found-resources.ts';
import { initialAnswers } from './initial-answers.ts';
import { linkedAnswers, observationQuery } from './observations.ts';
import { previousAnswers, previousQuery } from './previous-answer.ts';
import { withCodings } from './value-set-codings.ts';

type Answers = readonly QuestionnaireResponseItemAnswer[];

/** Finds answers to the question that stands at a place, with what is known there; none where it knows none. */
export type AnswerSource = (item: FormItem, place: Place, given: Given) => Answers;

/**
 * Where answers come from, the first before the others: initialExpression, Observations, earlier answers, the form itself.
 *
 * @param warn takes what was found and can not be an answer, with a path of the Questionnaire
 */
export function answerSources(
  state: FormState,
  { subject }: QuestionnaireResponse,
  asked: AskedQueries,
  warn: (diagnostics: string, path: string) => void,
): readonly AnswerSource[] {
  const { form, data } = state;
  const fetched = (query: string, path: string): readonly TypedValue[] => {
    const value = asked.by(path, () => data.queries?.(query));
    return value === undefined ? [] : foundResources([{ type: 'Bundle', value }]);
  };

  const byExpression: AnswerSource = (item, place, given) => {
    const { initial } = item.expressions;
    if (initial === undefined) return [];
    const values = asked.by(initial.path, () => state.evaluate(initial, place, given));
    const { answers, fault } = asAnswers(item, withCodings(item, values, data));
    if (fault !== undefined) warn(`What was found can not be the answer: ${fault}.`, initial.path);
    return answers;
  };

  const byObservation: AnswerSource = (item) => {
    const query = observationQuery(item, subject, data.now);
    if (query === undefined) return [];
    const { answers, fault } = linkedAnswers(item, fetched(query, item.path));
    if (fault !== undefined) warn(fault, item.path);
    return answers;
  };

  const byPrevious: AnswerSource = (item) => {
    const query = previousQuery(item, form, subject, data.now);
    return query === undefined ? [] : previousAnswers(item, fetched(query, item.path));
  };

  return [byExpression, byObservation, byPrevious, initialAnswers];
}
