import { type Language, languageOfTag } from '../../model/language.ts';
import type { Report } from '../answer-faults.ts';
import { containersOf, occurrences } from '../enabled-items.ts';
import type { FormConstraint } from '../expressions/expression.ts';
import type { FormState } from '../expressions/form-state.ts';
import type { FormItem } from '../form.ts';
import type { Place } from '../place.ts';
import { isConfirmed } from './confirmation.ts';

/**
 * Reports the constraints of the form (SDC targetConstraint, R4 questionnaire-constraint) that are false, on the form as a
 * whole and on each occurrence of an item that is enabled and answered. What yields nothing is not known, and no fault.
 *
 * @param whole whether those that refuse hold already: an unfinished response is told warnings only
 * @param ofForm takes a fault of the form as a whole
 */
export function constraintFaults(
  state: FormState,
  whole: boolean,
  report: Report,
  ofForm: (
    rule: 'constraint' | 'constraintWarning',
    expression: string,
    limit: (language: Language) => string,
    constraint: string,
  ) => void,
): void {
  for (const item of state.form.logic.constrained) {
    if (item === undefined) {
      for (const constraint of broken(state, whole, state.form.expressions.constraints, state.root)) {
        ofForm(ruleOf(constraint), located(constraint, state.root.path), inWords(constraint), constraint.key);
      }
      continue;
    }
    for (const place of occurrencesOf(state, item)) {
      for (const constraint of broken(state, whole, item.expressions.constraints, place)) {
        report(ruleOf(constraint), item, located(constraint, place.path), inWords(constraint), constraint.key);
      }
    }
  }
}

function occurrencesOf(state: FormState, item: FormItem): readonly Place[] {
  return [...containersOf(item, state.root)].flatMap((container) =>
    state.isEnabled(item, container) ? occurrences(item, container).map((node) => container.inside(item, node)) : [],
  );
}

function broken(
  state: FormState,
  whole: boolean,
  constraints: readonly FormConstraint[],
  place: Place,
): readonly FormConstraint[] {
  return constraints.filter(
    (constraint) =>
      (whole || constraint.severity === 'warning') &&
      state.test(constraint.expression, place) === false &&
      !(constraint.severity === 'warning' && isConfirmed(place.node ?? {}, 'constraintWarning', constraint.key)),
  );
}

function ruleOf({ severity }: FormConstraint): 'constraint' | 'constraintWarning' {
  return severity === 'error' ? 'constraint' : 'constraintWarning';
}

function located({ location }: FormConstraint, path: string): string {
  return location === undefined || location === '' || location === '$this' ? path : `${path}.${location}`;
}

function inWords({ human, translations, key }: FormConstraint): (language: Language) => string {
  return (language) => {
    const translated = [...translations].find(([tag]) => languageOfTag(tag) === language)?.[1];
    return translated ?? (human === '' ? key : human);
  };
}
