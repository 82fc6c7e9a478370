import type { QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import { answerValue } from '../answers.ts';
import { occurrences } from '../enabled-items.ts';
import type { FormItem } from '../form.ts';
import type { Place } from '../place.ts';
import { asAnswers } from './as-answers.ts';
import type { FormState } from './form-state.ts';
import { sameAnswers } from './same-answers.ts';

/** What the form calculates for one occurrence of an item. */
export interface Calculation {
  readonly item: FormItem;
  /** Where the item stands, or would. */
  readonly container: Place;
  /** What the form calculates; undefined if that failed, which FormState.issues tells. */
  readonly answers: readonly QuestionnaireResponseItemAnswer[] | undefined;
  /** What the response has. */
  readonly given: readonly QuestionnaireResponseItemAnswer[];
  /** The two say the same. */
  readonly agrees: boolean;
  /** What counts; undefined where that is what the response has. */
  readonly stands: readonly QuestionnaireResponseItemAnswer[] | undefined;
}

/** Calculates an item that has a calculatedExpression, where it stands. */
export function calculate(state: FormState, item: FormItem, container: Place): Calculation {
  const { calculated } = item.expressions;
  const nodes = occurrences(item, container);
  const given = nodes.flatMap((node) => node.answer ?? []).filter((answer) => answerValue(answer) !== undefined);
  const values = calculated && state.attempt(calculated, container.inside(item, nodes[0]));
  const { answers, fault } = values === undefined ? noAnswers : asAnswers(item, values);
  if (fault !== undefined && calculated !== undefined) {
    state.fail(calculated.path, fault);
  }
  const made = values === undefined || fault !== undefined ? undefined : answers;
  const agrees = made !== undefined && sameAnswers(made, given);
  const persons = !item.readOnly && given.length > 0;
  return { item, container, answers: made, given, agrees, stands: agrees || persons ? undefined : made };
}

const noAnswers = { answers: [], fault: undefined };

/** The same counts by two calculations of one item. */
export function sameStands(a: Calculation | undefined, b: Calculation | undefined): boolean {
  const [ours, theirs] = [a?.stands, b?.stands];
  return ours === undefined || theirs === undefined ? ours === theirs : sameAnswers(ours, theirs);
}
