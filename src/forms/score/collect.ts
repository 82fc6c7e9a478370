import type { QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { isEnabled, type Scope } from '../enablement.ts';
import type { Form } from '../form.ts';
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
  form: Form,
  response: QuestionnaireResponse,
  slots: ReadonlyMap<string, readonly Slot[]>,
  values: Float64Array,
  isDisabled: ((entry: QuestionnaireResponseItem) => boolean) | undefined,
): void {
  const walk = (scope: Scope): void => {
    for (const entry of scope.items) {
      const item = form.items.get(entry.linkId);
      if (item === undefined) continue;
      if (item.enableWhen.length > 0 && !isEnabled(form, item, scope)) continue;
      if (isDisabled?.(entry) === true) continue;
      const places = slots.get(entry.linkId);
      for (const answer of entry.answer ?? []) {
        for (const slot of places ?? []) put(values, slot, slot.read(answer));
        if (answer.item !== undefined) walk({ item, items: answer.item, outer: scope });
      }
      if (entry.item !== undefined) walk({ item, items: entry.item, outer: scope });
    }
  };
  walk({ item: undefined, items: response.item ?? [], outer: undefined });
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
