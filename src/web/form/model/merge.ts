import { sameAnswers } from '../../../forms/expressions/same-answers.ts';
import type { ItemKey } from '../contract.ts';
import { type Draft, NO_ANSWERS } from './draft.ts';
import { isWithin } from './item-key.ts';

/** What was changed here and is not known to be kept elsewhere. */
export interface Unsaved {
  /** Questions that were answered. */
  readonly answers: Set<ItemKey>;
  /** Repeating groups that a row was added to or taken from. */
  readonly rows: Set<ItemKey>;
}

/**
 * Takes over what came from elsewhere, question by question. What is unsaved stays, and so does what stands in a group whose
 * rows are unsaved; what is not asked now can not have come, so it stays as well.
 *
 * @param isAsked whether a question is among those that a response would hold now
 */
export function mergeInto(draft: Draft, other: Draft, unsaved: Unsaved, isAsked: (key: ItemKey) => boolean): void {
  const stays = (key: ItemKey): boolean =>
    unsaved.answers.has(key) || [...unsaved.rows].some((group) => isWithin(key, group));
  merge(draft.answers, other.answers, (key) => stays(key) || (!other.answers.has(key) && !isAsked(key)));
  merge(draft.rows, other.rows, (key) => stays(key));
  merge(draft.rest, other.rest, (key) => stays(key));
}

/** What of the unsaved is kept elsewhere now: the answers that `other` has as they are here. */
export function markSaved(draft: Draft, other: Draft, unsaved: Unsaved, rowsAreSaved: boolean): void {
  if (rowsAreSaved) unsaved.rows.clear();
  for (const key of unsaved.answers) {
    if ([...unsaved.rows].some((group) => isWithin(key, group))) continue;
    const [ours, theirs] = [draft.answers.get(key) ?? NO_ANSWERS, other.answers.get(key) ?? NO_ANSWERS];
    if (sameAnswers(ours, theirs)) unsaved.answers.delete(key);
  }
}

function merge<V>(own: Map<ItemKey, V>, other: ReadonlyMap<ItemKey, V>, stays: (key: ItemKey) => boolean): void {
  for (const key of own.keys()) {
    if (!other.has(key) && !stays(key)) own.delete(key);
  }
  for (const [key, value] of other) {
    if (!stays(key)) own.set(key, value);
  }
}
