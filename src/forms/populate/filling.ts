import type {
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import { fhirError, type Issue } from '../../model/issue.ts';
import { occurrences } from '../enabled-items.ts';
import type { FormExpression } from '../expressions/expression.ts';
import type { Given } from '../expressions/form-env.ts';
import type { FormState } from '../expressions/form-state.ts';
import type { FormItem } from '../form.ts';
import type { Place } from '../place.ts';
import { type AnswerSource, answerSources } from './answer-sources.ts';
import type { AskedQueries } from './asked-queries.ts';
import { foundResources } from './found-resources.ts';
import type { Misfits } from './misfits.ts';

/** Repetitions of one group that a population makes. */
const REPETITIONS_MAX = 200;
/** Items of one response: groups that repeat may hold such as repeat. */
const ITEMS_MAX = 10_000;

/** One pass through a form: what is found for each question, given what the passes before have found. */
export class Filling {
  readonly #state: FormState;
  readonly #sources: readonly AnswerSource[];
  readonly #given: Given;
  readonly #asked: AskedQueries;
  readonly #misfits: Misfits;
  readonly #calculated: ReadonlyMap<Place, ReadonlyMap<FormItem, readonly QuestionnaireResponseItemAnswer[]>>;
  readonly #issues = new Map<string, Issue>();
  #made = 0;

  /** @param calculated whether what the form calculates is filled in: last, when all else is known */
  constructor(
    state: FormState,
    start: QuestionnaireResponse,
    means: { readonly given: Given; readonly asked: AskedQueries; readonly misfits: Misfits },
    calculated: boolean,
  ) {
    this.#state = state;
    const warn = (diagnostics: string, path: string): void => this.#warn(diagnostics, path);
    this.#sources = answerSources(state, start, means.asked, warn);
    this.#given = means.given;
    this.#asked = means.asked;
    this.#misfits = means.misfits;
    this.#calculated = calculated ? calculatedAnswers(state) : new Map();
  }

  /** Warnings of this pass that are not about expressions. */
  get issues(): readonly Issue[] {
    return [...this.#issues.values()];
  }

  /** @throws FhirError 422 where the response would be larger than is reasonable */
  items(): QuestionnaireResponseItem[] {
    const { form, root } = this.#state;
    const [given = this.#given] = this.#contexts(form.expressions.contexts, root, this.#given, false);
    return this.#items(form.roots, root, given);
  }

  #items(level: ReadonlyMap<string, FormItem>, container: Place, given: Given): QuestionnaireResponseItem[] {
    return [...level.values()].flatMap((item) =>
      this.#state.isEnabled(item, container) && !item.retired ? this.#item(item, container, given) : [],
    );
  }

  #item(item: FormItem, container: Place, given: Given): QuestionnaireResponseItem[] {
    const { linkId, source, children } = item;
    this.#made += 1;
    if (this.#made > ITEMS_MAX) {
      throw fhirError(422, 'too-costly', `The response would have more than ${ITEMS_MAX} items.`, item.path);
    }
    const nodes = occurrences(item, container);
    const text = this.#text(item, container.inside(item, nodes[0]), given);
    const same: QuestionnaireResponseItem = {
      linkId,
      ...(source.definition === undefined ? {} : { definition: source.definition }),
      ...(text === undefined ? {} : { text }),
    };
    if (item.type === 'display') {
      return [same];
    }
    const within = (place: Place, known: Given) => {
      const inner = children.size === 0 ? [] : this.#items(children, place, known);
      return inner.length === 0 ? {} : { item: inner };
    };
    if (item.type === 'group') {
      const place = container.inside(item, nodes[0]);
      return this.#contexts(item.expressions.contexts, place, given, item.repeats).map((known, index) => ({
        ...same,
        ...within(container.inside(item, nodes[index]), known),
      }));
    }
    const [node] = nodes;
    const answer = this.#answers(item, container, container.inside(item, node), given).map((each, index) => {
      const before = node?.answer?.[index];
      const inside = node && before ? container.inside(item, node, before) : container.inside(item);
      return { ...each, ...within(inside, given) };
    });
    return [answer.length === 0 ? same : { ...same, answer }];
  }

  /** The item's text, or what its cqf-expression makes of it for this person. */
  #text({ source, expressions }: FormItem, place: Place, given: Given): string | undefined {
    const expression = expressions.elements.get('text');
    const [made] =
      expression === undefined
        ? []
        : this.#asked.by(expression.path, () => this.#state.evaluate(expression, place, given));
    return typeof made?.value === 'string' && made.value !== '' ? made.value : source.text;
  }

  /** What is known inside a group, for each of its repetitions: one where it has no context, or nothing was found. */
  #contexts(contexts: readonly FormExpression[], place: Place, given: Given, repeats: boolean): readonly Given[] {
    let known: readonly Given[] = [given];
    for (const context of contexts) {
      const { name, path } = context;
      if (name === undefined) continue;
      known = known.flatMap((outer) => {
        const found = foundResources(this.#asked.by(path, () => this.#state.evaluate(context, place, outer)));
        if (found.length > REPETITIONS_MAX) {
          this.#warn(`More than ${REPETITIONS_MAX} were found for a group; the rest is left out.`, path);
        }
        const kept = found.slice(0, REPETITIONS_MAX);
        const each = repeats && kept.length > 0 ? kept.map((one) => [one]) : [kept];
        return each.map((values) => new Map([...outer, [name, values]]));
      });
    }
    return known.slice(0, REPETITIONS_MAX);
  }

  #answers(item: FormItem, container: Place, place: Place, given: Given): readonly QuestionnaireResponseItemAnswer[] {
    if (item.expressions.calculated !== undefined) {
      return this.#calculated.get(container)?.get(item) ?? [];
    }
    for (const find of this.#sources) {
      const found = this.#misfits.without(item, find(item, place, given));
      if (found.length > 0) return found;
    }
    return [];
  }

  #warn(diagnostics: string, path: string): void {
    this.#issues.set(`${path} ${diagnostics}`, {
      severity: 'warning',
      code: 'processing',
      diagnostics,
      expression: [path],
    });
  }
}

function calculatedAnswers(state: FormState) {
  const found = new Map<Place, Map<FormItem, readonly QuestionnaireResponseItemAnswer[]>>();
  for (const { item, container, answers } of state.calculated()) {
    if (answers === undefined) continue;
    const own = found.get(container) ?? new Map();
    found.set(container, own.set(item, answers));
  }
  return found;
}
