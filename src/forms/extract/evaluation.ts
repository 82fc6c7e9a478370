import { items, plain, TypedNode } from '../../fhirpath/collection.ts';
import { FhirPathError } from '../../fhirpath/expr.ts';
import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import { FhirError, fhirError, type Issue } from '../../model/issue.ts';
import { FormEnv, type Given } from '../expressions/form-env.ts';
import type { FormState } from '../expressions/form-state.ts';
import type { Place } from '../place.ts';
import type { ExtractExpression } from './compile.ts';

/** Steps that all expressions of one extraction may take together. */
const STEPS_MAX = 500_000;
/** What one extraction may make: resources, elements and values. */
const PARTS_MAX = 100_000;
const ISSUES_MAX = 100;

/** Where an expression is evaluated: on what, at which place of the response, and with which names besides the form's. */
export interface Standing {
  /** Of `type`; plain JSON. */
  readonly focus: TypedValue;
  readonly place: Place;
  readonly given: Given;
}

/** Evaluates the expressions of one extraction within its limits, and collects what went wrong. */
export class Evaluation {
  readonly state: FormState;
  readonly #issues = new Map<string, Issue>();
  readonly #budget = { left: STEPS_MAX };
  #parts = 0;

  constructor(state: FormState) {
    this.state = state;
  }

  /** Each fault once; one of an expression names its path in the Questionnaire. */
  get issues(): readonly Issue[] {
    return [...this.#issues.values()].slice(0, ISSUES_MAX);
  }

  /** The values of an expression; empty if it fails, which `issues` then tells. */
  values({ expr, typed, path }: ExtractExpression, { focus, place, given }: Standing): readonly TypedValue[] {
    const env = new FormEnv(this.state.snapshot, place, given, this.#budget);
    const start = typed ? new TypedNode(focus.type, focus.value) : focus.value;
    try {
      return items(expr.run(start, env)).flatMap((item) => {
        const value = plain(item);
        const type = item instanceof TypedNode ? item.type : expr.type;
        return value === undefined || value === null ? [] : [{ type, value }];
      });
    } catch (problem) {
      if (problem instanceof FhirError) {
        throw problem;
      }
      // The words of other errors may hold what was answered.
      const why = problem instanceof FhirPathError ? problem.message : 'it does not suit what was answered';
      this.warn('processing', `The expression could not be evaluated: ${why}.`, path);
      return [];
    }
  }

  warn(code: Issue['code'], diagnostics: string, path: string): void {
    this.#issues.set(`${path} ${diagnostics}`, { severity: 'warning', code, diagnostics, expression: [path] });
  }

  /** @throws FhirError 422 where a form makes more of a response than is reasonable */
  made(): void {
    this.#parts += 1;
    if (this.#parts > PARTS_MAX) {
      throw fhirError(422, 'too-costly', `The form extracts more than ${PARTS_MAX} elements.`, 'Questionnaire');
    }
  }
}
