import type { Coding, PlanDefinitionAction } from '@medplum/fhirtypes';
import { type Evaluate, truth } from './evaluate.ts';
import { conditionsOf, type Fault } from './protocol-action.ts';

/** A type of course (forløpstype): when a course is of it, and which forms it opens. */
export interface CourseTypeRule {
  /** Undefined for courses that are of no type yet. */
  readonly type: Coding | undefined;
  /** FHIRPath, all true; it sees the forms that every type opens, and `%inclusion`. */
  readonly conditions: readonly string[];
  /** Labels of forms. */
  readonly opens: ReadonlySet<string>;
}

export interface CourseType {
  readonly type: Coding | undefined;
  readonly opens: ReadonlySet<string>;
}

/**
 * Reads an action of kind course-type: `reason` is the type, each action inside names a form that is open by its
 * definitionCanonical.
 * @param forms the protocol's forms; one that is not among them is a fault
 */
export function readCourseType(
  action: PlanDefinitionAction,
  forms: readonly { readonly label: string; readonly questionnaire: string }[],
  fault: Fault,
): CourseTypeRule {
  const opens = (action.action ?? []).flatMap(({ definitionCanonical = '' }) => {
    const form = forms.find(({ questionnaire }) => questionnaire === definitionCanonical.split('|')[0]);
    return (
      form?.label ??
      fault(`course type '${action.id ?? '?'}' opens '${definitionCanonical}', which is not a form of it.`) ??
      []
    );
  });
  return { type: action.reason?.[0]?.coding?.[0], conditions: conditionsOf(action), opens: new Set(opens) };
}

/** The labels of the forms that every type opens; all forms where there are no types. */
export function alwaysOpen(rules: readonly CourseTypeRule[], labels: readonly string[]): ReadonlySet<string> {
  return new Set(labels.filter((label) => rules.every(({ opens }) => opens.has(label))));
}

/**
 * The first type whose conditions hold. Of no type and with the forms that are always open where none does; a protocol
 * without types keeps all its forms open.
 */
export function courseTypeOf(
  rules: readonly CourseTypeRule[],
  labels: readonly string[],
  facts: Readonly<Record<string, unknown>>,
  inclusion: boolean | undefined,
  evaluate: Evaluate,
): CourseType {
  const context = { ...facts, inclusion: inclusion ?? [] };
  const rule = rules.find(({ conditions }) => conditions.every((each) => truth(evaluate(each, context)) === true));
  return rule ?? { type: undefined, opens: alwaysOpen(rules, labels) };
}
