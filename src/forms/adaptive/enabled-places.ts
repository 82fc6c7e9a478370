import { occurrences } from '../enabled-items.ts';
import type { FormState } from '../expressions/form-state.ts';
import type { FormItem } from '../form.ts';
import type { Place } from '../place.ts';
import { isHiddenQuestion } from './steps.ts';

/** The places where an item is to be answered. What stands in a question is asked once that has an answer. */
export function enabledPlaces(state: FormState, item: FormItem): readonly Place[] {
  return placesOf(state, item).filter((place) => state.isEnabled(item, place));
}

function placesOf(state: FormState, { parent }: FormItem): readonly Place[] {
  if (parent === undefined) return [state.root];
  return placesOf(state, parent).flatMap((container) => {
    const nodes = occurrences(parent, container);
    if (parent.type !== 'group') {
      return nodes.flatMap((node) => (node.answer ?? []).map((answer) => container.inside(parent, node, answer)));
    }
    return nodes.length === 0 ? [container.inside(parent)] : nodes.map((node) => container.inside(parent, node));
  });
}

/** Whether an item is a hidden question that is answered where it is enabled. */
export function isAnsweredHidden(state: FormState, item: FormItem): boolean {
  return (
    isHiddenQuestion(item) &&
    enabledPlaces(state, item).some((place) => occurrences(item, place).some(({ answer }) => answer !== undefined))
  );
}
