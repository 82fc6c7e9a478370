import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { FhirPathError } from '../../fhirpath/expr.ts';
import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import type { Issue } from '../../model/issue.ts';
import { containersOf, EnabledItems, occurrences } from '../enabled-items.ts';
import type { Form, FormItem } from '../form.ts';
import { type Place, placeOf } from '../place.ts';
import { type Calculation, calculate, sameStands } from './calculations.ts';
import type { FormData } from './data.ts';
import { effectiveResponse } from './effective-response.ts';
import type { FormExpression } from './expression.ts';
import type { Given } from './form-env.ts';
import { Snapshot, STEPS_IN_ALL } from './snapshot.ts';
import { unshared } from './unshared.ts';
import { Weights } from './weights.ts';

/** Rounds after which what still changes is given up: more than any chain of calculations is long. */
const ROUNDS_MAX = 30;

/**
 * Opens a response: what is enabled in it, what is calculated, what its expressions yield. Nothing is worked out before it
 * is asked for, and what is worked out is kept; so a state is for one response as it is at one moment.
 *
 * Answers to disabled questions do not count, for enablement as for expressions; and calculated answers count as the form
 * calculates them, whatever the response says, but for a question that is not read-only and is answered: there the person
 * has the last word (SDC, calculatedExpression). Both are found together, by repetition until nothing changes.
 */
export function openForm(form: Form, response: QuestionnaireResponse, data: FormData): FormState {
  return new FormState(form, response, data);
}

export class FormState {
  readonly form: Form;
  readonly data: FormData;
  /** The place of the response as a whole; walk it, not the response that was given: an object used twice is two here. */
  readonly root: Place;
  readonly #weights: Weights;
  readonly #work: { left: number };
  #failures = new Map<string, Issue>();
  #enabled: EnabledItems;
  readonly #calculated: ByPlace<Calculation> = new Map();
  readonly #decided: ByPlace<boolean> = new Map();
  #snapshot: Snapshot | undefined;
  #settled: boolean;

  constructor(form: Form, response: QuestionnaireResponse, data: FormData) {
    const { logic } = form;
    this.form = form;
    this.data = data;
    this.#work = data.work ?? { left: STEPS_IN_ALL };
    this.root = placeOf(logic.asksOwners ? unshared(response) : response);
    this.#weights = new Weights(logic.codeWeights, data);
    this.#settled = logic.derived.length === 0;
    this.#enabled = this.#enabledItems();
  }

  /** The response as given. */
  get response(): QuestionnaireResponse {
    return this.root.node as QuestionnaireResponse;
  }

  /** Expressions that could not be evaluated so far, each once: warnings with their path in the Questionnaire. */
  get issues(): readonly Issue[] {
    return [...this.#failures.values()];
  }

  /**
   * Whether an item is enabled in a place: the response (`root`), an occurrence of a group, or an answer
   * (`place.inside(…)`). What stands in something disabled is disabled.
   */
  isEnabled(item: FormItem, container: Place): boolean {
    if (!this.form.logic.hasEnablement) return true;
    this.#settle();
    return this.#enabled.has(item, container);
  }

  /**
   * The values of an expression at the place of the item that it stands on: `container.inside(item, node)`, `root` for one
   * of the form itself. Empty if it fails, which `issues` then tells, and if it is in a language that is not evaluated here.
   *
   * @param given values for names, before all others: the repetition of a population context that is being filled in
   */
  evaluate(expression: FormExpression, place: Place, given?: Given): readonly TypedValue[] {
    return this.attempt(expression, place, given) ?? [];
  }

  /** An expression as a condition; undefined where it yields nothing, or fails. */
  test(expression: FormExpression, place: Place): boolean | undefined {
    const [first, ...more] = this.evaluate(expression, place);
    if (first === undefined) return undefined;
    // FHIRPath's singleton evaluation: what is there and is no Boolean counts as true.
    return more.length > 0 || typeof first.value !== 'boolean' ? true : first.value;
  }

  /** What the form calculates, for each enabled occurrence of a calculated item, also where the response lacks it. */
  calculated(): readonly Calculation[] {
    this.#settle();
    return [...this.#calculated.values()].flatMap((each) => [...each.values()]);
  }

  /** The response as expressions see it: without disabled items, with calculated answers. */
  get effective(): QuestionnaireResponse {
    return this.snapshot.response;
  }

  /** The weight of an answer's value to an item: SDC itemWeight, from wherever the form has it. */
  weight(item: FormItem, key: string, value: unknown): number | undefined {
    return this.#weights.of(item, key, value);
  }

  /** What expressions are evaluated on. */
  get snapshot(): Snapshot {
    this.#settle();
    this.#snapshot ??= this.#takeSnapshot();
    return this.#snapshot;
  }

  /** As evaluate; undefined if the expression fails, or is in a language that is not evaluated here. */
  attempt(expression: FormExpression, place: Place, given?: Given): readonly TypedValue[] | undefined {
    const { program, path } = expression;
    if (program === undefined) {
      this.fail(path, `language ${expression.language}`);
      return undefined;
    }
    try {
      return this.snapshot.values(program, place, given);
    } catch (problem) {
      // The words of other errors may hold what was answered.
      this.fail(path, problem instanceof FhirPathError ? problem.message : 'it does not suit what was answered');
      return undefined;
    }
  }

  /**
   * The text of an x-fhir-query with its placeholders filled in; undefined while one has no value, and for what is no
   * query. A failure is not noted: the query may be asked for before what it depends on was fetched.
   */
  queryText({ program }: FormExpression, place: Place): string | undefined {
    try {
      return program?.kind === 'query' ? this.snapshot.queryText(program, place) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Notes that what stands at a path of the Questionnaire could not be evaluated. */
  fail(path: string, why: string): void {
    const diagnostics = `The expression could not be evaluated: ${why}.`;
    this.#failures.set(path, { severity: 'warning', code: 'processing', diagnostics, expression: [path] });
  }

  /** Round by round through what is calculated and enabled by expression, in the order of their dependencies. */
  #settle(): void {
    if (this.#settled) {
      return;
    }
    // Set first: what follows asks this very state.
    this.#settled = true;
    const { derived, hasChains } = this.form.logic;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      this.#failures = new Map();
      let changed = false;
      for (const item of derived) {
        const differs = this.#derive(item);
        if (differs && hasChains) this.#forget();
        changed ||= differs;
      }
      if (!changed || !hasChains) {
        this.#forget();
        return;
      }
    }
    this.fail('Questionnaire', 'what is calculated and what is enabled do not settle');
  }

  /** Drops what was found out before something changed. */
  #forget(): void {
    this.#enabled = this.#enabledItems();
    this.#snapshot = undefined;
  }

  /** Works out anew whether an item is enabled and what it is calculated to be; true if that is something else. */
  #derive(item: FormItem): boolean {
    const { enableWhen, calculated } = item.expressions;
    const containers = containersOf(item, this.root);
    let differs = false;
    if (enableWhen !== undefined) {
      for (const container of containers) {
        const enabled = this.#isEnabledBy(enableWhen, item, container);
        if (enabled !== (this.#decided.get(container)?.get(item) ?? true)) {
          differs = true;
          put(this.#decided, container, item, enabled);
        }
      }
      // Once for all occurrences: what is forgotten is made anew from the whole response.
      if (differs) this.#forget();
    }
    if (calculated !== undefined) {
      for (const container of containers) {
        const made = this.isEnabled(item, container) ? calculate(this, item, container) : undefined;
        const before = this.#calculated.get(container)?.get(item);
        differs ||= !sameStands(before, made);
        put(this.#calculated, container, item, made);
      }
    }
    return differs;
  }

  #isEnabledBy(expression: FormExpression, item: FormItem, container: Place): boolean {
    const [node] = occurrences(item, container);
    const values = this.attempt(expression, container.inside(item, node));
    // What can't be judged here keeps nobody from answering. Empty is false (SDC, enableWhenExpression).
    return values === undefined || (values.length > 0 && values[0]?.value !== false);
  }

  #enabledItems(): EnabledItems {
    return new EnabledItems(this.form.items, {
      byExpression: (item, container) => this.#decided.get(container)?.get(item) ?? true,
      calculated: (item, container) => this.#calculated.get(container)?.get(item)?.stands,
    });
  }

  #takeSnapshot(): Snapshot {
    const { form, data, root, response } = this;
    const { response: effective, changed } =
      form.logic.hasEnablement || this.#calculated.size > 0
        ? effectiveResponse(response, root, form.roots, {
            isEnabled: (item, container) => this.#enabled.has(item, container),
            calculated: (item, container) => this.#calculated.get(container)?.get(item)?.stands,
          })
        : { response, changed: nothing };
    return new Snapshot(form, effective, data, this.#weights, changed, this.#work);
  }
}

const nothing: ReadonlyMap<unknown, unknown> = new Map();

type ByPlace<V> = Map<Place, Map<FormItem, V>>;

/** Puts a value, or takes it away. */
function put<V>(map: ByPlace<V>, place: Place, item: FormItem, value: V | undefined): void {
  const own = map.get(place) ?? new Map<FormItem, V>();
  map.set(place, own);
  if (value === undefined) own.delete(item);
  else own.set(item, value);
}
