import { confirmation } from '../../../forms/constraints/confirmation.ts';
import type { FormFault } from '../contract.ts';
import type { Draft } from './draft.ts';

/** A fault with what its confirmation has to hold. */
export interface KnownFault extends FormFault {
  readonly constraint?: string;
}

/** Keeps that a person has confirmed a warning: on the answers that it is about, or on the item where a rule of the form is. */
export function confirmFault(draft: Draft, { key, rule, constraint }: KnownFault): void {
  const extension = confirmation(rule, constraint);
  if (rule === 'constraintWarning') {
    const rest = draft.rest.get(key);
    draft.rest.set(key, { ...rest, extension: [...(rest?.extension ?? []), extension] });
    return;
  }
  const answers = draft.answers.get(key);
  if (answers !== undefined) {
    draft.answers.set(
      key,
      answers.map((each) => ({ ...each, extension: [...(each.extension ?? []), extension] })),
    );
  }
}
