import type { QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { MISSING, type ReadAnswer, SEVERAL, UNREADABLE } from './read-answer.ts';
import type { AnswerReading } from './rule.ts';

/** A place for the value of an item, read in one way. */
export interface Slot {
  readonly index: number;
  readonly reading: AnswerReading;
  /** Set for counts: the place holds how many of the item's answers are at least so much. */
  readonly atLeast: number | undefined;
  readonly read: ReadAnswer;
}

/** Puts the values of a response's answers into the places of their items. What was not answered stays MISSING. */
export function collect(
  response: QuestionnaireResponse,
  slots: ReadonlyMap<string, readonly Slot[]>,
  values: Float64Array,
): void {
  const walk = (items: readonly QuestionnaireResponseItem[]): void => {
    for (const { linkId, answer, item } of items) {
      const places = slots.get(linkId);
      for (const one of answer ?? []) {
        for (const slot of places ?? []) put(values, slot, slot.read(one));
        if (one.item !== undefined) walk(one.item);
      }
      if (item !== undefined) walk(item);
    }
  };
  walk(response.item ?? []);
}

function put(values: Float64Array, { index, atLeast }: Slot, value: number): void {
  if (Number.isNaN(value)) return;
  const before = values[index] ?? MISSING;
  if (atLeast === undefined) {
    values[index] = Number.isNaN(before) ? value : SEVERAL;
  } else if (value === UNREADABLE || before === UNREADABLE) {
    values[index] = UNREADABLE;
  } else {
    values[index] = (Number.isNaN(before) ? 0 : before) + (value >= atLeast ? 1 : 0);
  }
}
