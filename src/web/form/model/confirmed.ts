import { confirmation } from '../../../forms/constraints/confirmation.ts';
import type { FormFault } from '../contract.ts';
import { type Answers, type Draft, withoutItems } from './draft.ts';

/** A fault with what its confirmation has to hold. */
export interface KnownFault extends FormFault {
  readonly constraint?: string;
}

/**
 * Keeps that a person has confirmed a warning: on the answers that it is about, or on the item where a rule of the form is.
 *
 * @param answers that the warning is about, as they count now: what is calculated is in no draft
 */
export function confirmFault(draft: Draft, { key, rule, constraint }: KnownFault, answers: Answers): void {
  const extension = confirmation(rule, constraint);
  if (rule === 'constraintWarning') {
    const rest = draft.rest.get(key);
    draft.rest.set(key, { ...rest, extension: [...(rest?.extension ?? []), extension] });
    return;
  }
  if (answers.length === 0) return;
  draft.answers.set(
    key,
    answers.map(withoutItems).map((each) => ({ ...each, extension: [...(each.extension ?? []), extension] })),
  );
}
