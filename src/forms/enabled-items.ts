import type {
  QuestionnaireItemEnableWhen,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import { answerValue } from './answers.ts';
import { ruleHolds } from './enablement.ts';
import type { FormItem } from './form.ts';
import type { Place } from './place.ts';

/** What enablement depends on besides the response. */
export interface EnablementInputs {
  /** The result of an item's enableWhenExpression where it stands. */
  readonly byExpression: (item: FormItem, container: Place) => boolean;
  /** The answers that a calculated item has instead of those in the response; undefined to take the response's. */
  readonly calculated: (item: FormItem, container: Place) => readonly QuestionnaireResponseItemAnswer[] | undefined;
}

/**
 * Which items are enabled, each where it stands. An item in a disabled group or question is disabled; an answer to a
 * disabled question counts as not given. Found when asked for, and kept.
 */
export class EnabledItems {
  readonly #items: ReadonlyMap<string, FormItem>;
  readonly #inputs: EnablementInputs;
  readonly #known = new Map<Place, Map<FormItem, boolean>>();
  /** Conditions on what stands further out: the same for all occurrences that ask from inside. */
  readonly #outer = new Map<Place, Map<QuestionnaireItemEnableWhen, boolean>>();

  constructor(items: ReadonlyMap<string, FormItem>, inputs: EnablementInputs) {
    this.#items = items;
    this.#inputs = inputs;
  }

  /** Whether an item is enabled in a place: in the response, a group's occurrence, or an answer. */
  has(item: FormItem, container: Place): boolean {
    const { item: owner, outer } = container;
    if (owner !== undefined && outer !== undefined && !this.has(owner, outer)) {
      return false;
    }
    const ownRule = item.enableWhen.length > 0 || item.expressions.enableWhen !== undefined;
    if (!ownRule) {
      return true;
    }
    let known = this.#known.get(container);
    if (known === undefined) {
      known = new Map();
      this.#known.set(container, known);
    }
    let enabled = known.get(item);
    if (enabled === undefined) {
      enabled = this.#decide(item, container);
      known.set(item, enabled);
    }
    return enabled;
  }

  #decide(item: FormItem, container: Place): boolean {
    if (item.expressions.enableWhen !== undefined) {
      return this.#inputs.byExpression(item, container);
    }
    const holds = (rule: QuestionnaireItemEnableWhen): boolean => {
      const question = this.#items.get(rule.question);
      return question !== undefined && this.#holds(rule, question, container);
    };
    return item.enableAny ? item.enableWhen.some(holds) : item.enableWhen.every(holds);
  }

  /**
   * Whether a condition holds from the nearest place which the question and the asker share: in the same occurrence of a
   * repeating group before elsewhere (R4 Questionnaire, "enableWhen").
   */
  #holds(rule: QuestionnaireItemEnableWhen, question: FormItem, from: Place): boolean {
    const steps: FormItem[] = [];
    for (let step: FormItem | undefined = question.parent; step !== undefined; step = step.parent) {
      steps.unshift(step);
    }
    let shared = from;
    while (shared.item !== undefined && shared.outer !== undefined && !steps.includes(shared.item)) {
      shared = shared.outer;
    }
    if (shared === from) {
      return ruleHolds(rule, this.#answersTo(question, steps, shared));
    }
    let known = this.#outer.get(shared);
    if (known === undefined) {
      known = new Map();
      this.#outer.set(shared, known);
    }
    let holds = known.get(rule);
    if (holds === undefined) {
      holds = ruleHolds(rule, this.#answersTo(question, steps, shared));
      known.set(rule, holds);
    }
    return holds;
  }

  /** All answers to a question inside a place; `steps` are the items that it stands in, from the root. */
  #answersTo(question: FormItem, steps: readonly FormItem[], place: Place): QuestionnaireResponseItemAnswer[] {
    const rest = place.item === undefined ? steps : steps.slice(steps.indexOf(place.item) + 1);
    let places: readonly Place[] = [place];
    for (const step of rest) {
      places = places.flatMap((each) => (this.has(step, each) ? placesInside(step, each) : []));
    }
    return places.flatMap((each) => (this.has(question, each) ? this.#answers(question, each) : []));
  }

  #answers(question: FormItem, container: Place): readonly QuestionnaireResponseItemAnswer[] {
    return (
      this.#inputs.calculated(question, container) ??
      occurrences(question, container)
        .flatMap((node) => node.answer ?? [])
        .filter((answer) => answerValue(answer) !== undefined)
    );
  }
}

/** The occurrences of an item in a place. */
export function occurrences({ linkId }: FormItem, place: Place): readonly QuestionnaireResponseItem[] {
  return place.occurrencesOf(linkId);
}

/** The places inside an item where others stand: each occurrence of a group, each answer to a question. */
export function placesInside(item: FormItem, container: Place): readonly Place[] {
  const nodes = occurrences(item, container);
  if (item.type === 'group' && nodes.length === 0 && !item.repeats) {
    // A group that is left out hides nothing that stands in it.
    return [container.inside(item)];
  }
  return nodes.flatMap((node) =>
    item.type === 'group'
      ? [container.inside(item, node)]
      : (node.answer ?? []).map((answer) => container.inside(item, node, answer)),
  );
}

/** The places in which an item may stand in a response: one, but for what stands in repeating groups and in answers. */
export function containersOf({ parent }: FormItem, root: Place): readonly Place[] {
  return parent === undefined
    ? [root]
    : containersOf(parent, root).flatMap((container) => placesInside(parent, container));
}
