import { answerValue } from '../../../forms/answers.ts';
import { permittedOptions } from '../../../forms/constraints/permitted-options.ts';
import { ValueSetOptions } from '../../../forms/constraints/value-set-options.ts';
import type { FormState } from '../../../forms/expressions/form-state.ts';
import { candidateAnswers, permittedAnswers } from '../../../forms/expressions/permitted-answers.ts';
import { sameAnswers } from '../../../forms/expressions/same-answers.ts';
import type { FormItem } from '../../../forms/form.ts';
import { optionKey } from '../../../forms/options.ts';
import type { Place } from '../../../forms/place.ts';
import type { FormFault, ItemKey, ItemView, OptionView, RowView } from '../contract.ts';
import { type Answers, answerKey, type Draft, NO_ANSWERS } from './draft.ts';
import { type ItemFacts, isConcealed, isHelp, type Offer } from './item-facts.ts';
import { insideKey, itemKey, ROOT, rowKey } from './item-key.ts';
import { byPlace } from './outcome.ts';

/** What the views of a form are made of. */
export interface ViewInputs {
  readonly state: FormState;
  readonly draft: Draft;
  readonly facts: ItemFacts;
  readonly audience: 'patient' | 'staff';
  /** Those that are told now. */
  readonly faults: ReadonlyMap<ItemKey, readonly FormFault[]>;
  /** The views as they were: what has not changed is the same object again. */
  readonly before: ReadonlyMap<ItemKey, ItemView>;
}

export interface Views {
  /** By linkId of the outermost items that are shown. */
  readonly roots: ReadonlyMap<string, ItemView>;
  readonly all: ReadonlyMap<ItemKey, ItemView>;
  /** Where each question stands, for those who ask of it later. */
  readonly places: ReadonlyMap<ItemKey, Place>;
}

const NONE: readonly never[] = [];

/** The views of all that is enabled and is for this audience. */
export function viewsOf({ state, draft, facts, audience, faults, before }: ViewInputs): Views {
  const all = new Map<ItemKey, ItemView>();
  const places = new Map<ItemKey, Place>();
  const calculated = byPlace(state.calculated());
  const valueSets = new ValueSetOptions(state.data);

  const level = (items: Iterable<FormItem>, place: Place, container: ItemKey): ItemView[] => {
    const views: ItemView[] = [];
    for (const item of items) {
      if (isConcealed(item, audience) || isHelp(item) || !state.isEnabled(item, place)) continue;
      const view = viewOf(item, place, itemKey(container, item.linkId));
      if (view === undefined) continue;
      const { key } = view;
      const made = same(before.get(key), view);
      all.set(key, made);
      places.set(key, place);
      views.push(made);
    }
    return views;
  };

  const viewOf = (item: FormItem, place: Place, key: ItemKey): ItemView | undefined => {
    const nodes = place.occurrencesOf(item.linkId);
    const own = place.inside(item, nodes[0]);
    const told = { key, item, text: textAt(item, own), help: facts.help(item), control: facts.control(item) };
    const marks = { required: isRequired(item, own), readOnly: item.readOnly || holds(item, 'readOnly', own) };
    const base = { ...told, ...marks, faults: faults.get(key) ?? NONE };
    if (item.type === 'display') return { ...base, answers: NONE, options: NONE, children: NONE };
    if (item.type === 'group') {
      if (!item.repeats) {
        const children = level(item.children.values(), own, key);
        return children.length === 0 ? undefined : { ...base, answers: NONE, options: NONE, children };
      }
      const names = draft.rows.get(key) ?? [];
      const rows = nodes.map((node, index): RowView => {
        const row = rowKey(key, names[index] ?? '');
        const children = level(item.children.values(), place.inside(item, node), row);
        const old = before.get(key)?.rows?.find((each) => each.key === row);
        return old !== undefined && identical(old.children, children) ? old : { key: row, children };
      });
      const kept = list(before.get(key)?.rows, rows, Object.is);
      const children = kept.flatMap((row) => row.children);
      return { ...base, answers: NONE, options: NONE, children, rows: kept };
    }
    const given = draft.answers.get(key) ?? NO_ANSWERS;
    const answers = calculated.get(place)?.get(item)?.stands ?? given;
    if (item.retired && answers.length === 0) return undefined;
    return {
      ...base,
      answers: list(before.get(key)?.answers, answers, (a, b) => JSON.stringify(a) === JSON.stringify(b)),
      options: optionsOf(item, own, answers, before.get(key)?.options),
      children: inside(item, place, key),
    };
  };

  /** Items inside answers: they are there once there is an answer. Texts that belong to the question always are. */
  const inside = (item: FormItem, place: Place, key: ItemKey): readonly ItemView[] => {
    if (item.children.size === 0) return NONE;
    const [node] = place.occurrencesOf(item.linkId);
    const answers = node?.answer ?? [];
    const texts = [...item.children.values()].filter(({ type }) => type === 'display');
    const questions = [...item.children.values()].filter(({ type }) => type !== 'display');
    const first = item.repeats ? undefined : answers[0];
    return [
      ...level(texts, place.inside(item, node, first), insideKey(key, '')),
      ...(questions.length === 0 ? [] : answers).flatMap((answer) =>
        level(questions, place.inside(item, node, answer), answerKey(item, key, answer)),
      ),
    ];
  };

  const optionsOf = (
    item: FormItem,
    own: Place,
    answers: Answers,
    previous: readonly OptionView[] | undefined,
  ): readonly OptionView[] => {
    const chosen = new Set(answers.map(keyOfAnswer));
    const offers = offersAt(item, own, answers);
    if (offers.length === 0) return NONE;
    const options = offers.map((offer) => ({ ...offer, selected: isChosen(item, offer, chosen, answers) }));
    return list(previous, options, (a, b) => a.key === b.key && a.selected === b.selected && a.text === b.text);
  };

  const offersAt = (item: FormItem, own: Place, answers: Answers): readonly Offer[] => {
    const { candidates, answers: permitted, toggles } = item.expressions;
    if (candidates !== undefined || permitted !== undefined) {
      const found = permittedAnswers(state, item, own) ?? candidateAnswers(state, item, own) ?? NONE;
      const offers = found.map((answer) => facts.offer(answer));
      const keys = new Set(offers.map(({ key }) => key));
      return [...offers, ...answers.map((answer) => facts.offer(answer)).filter(({ key }) => !keys.has(key))];
    }
    if (facts.control(item) === 'autocomplete') return answers.map((answer) => facts.offer(answer));
    const offers = facts.offers(item) ?? NONE;
    if (toggles.length === 0) return offers;
    const options = permittedOptions(state, valueSets, item, () => own);
    const isOff = typeof options === 'object' ? options.isOff : undefined;
    return isOff === undefined
      ? offers
      : offers.filter(({ answer }) => {
          const value = answerValue(answer);
          // what was chosen before it was switched off is shown, so that it can be taken away
          return (
            value === undefined ||
            !isOff(value.key, value.value) ||
            answers.some((each) => sameAnswers([each], [answer]))
          );
        });
  };

  const textAt = (item: FormItem, own: Place): string => {
    const expression = item.expressions.elements.get('text');
    const made = expression && state.evaluate(expression, own)[0]?.value;
    return typeof made === 'string' ? made : facts.text(item);
  };

  const holds = (item: FormItem, element: string, own: Place): boolean => {
    const expression = item.expressions.elements.get(element);
    return expression !== undefined && state.test(expression, own) === true;
  };

  const isRequired = (item: FormItem, own: Place): boolean =>
    item.expressions.elements.has('required')
      ? holds(item, 'required', own)
      : item.required || item.constraints.minOccurs > 0;

  const views = level(state.form.roots.values(), state.root, ROOT);
  return { roots: new Map(views.map((view) => [view.item.linkId, view])), all, places };
}

/** A coding without system is the option of that code, where only one has it. */
function isChosen(item: FormItem, offer: Offer, chosen: ReadonlySet<string>, answers: Answers): boolean {
  if (chosen.has(offer.key)) return true;
  const { code } = offer.answer.valueCoding ?? {};
  return (
    code !== undefined &&
    item.options?.byCode.has(code) === true &&
    answers.some(({ valueCoding }) => valueCoding?.code === code && valueCoding.system === undefined)
  );
}

function keyOfAnswer(answer: Answers[number]): string {
  const value = answerValue(answer);
  return value === undefined ? '' : optionKey(value.key, value.value);
}

/** The view as it was, where nothing about it has changed. */
function same(before: ItemView | undefined, view: ItemView): ItemView {
  const isSame =
    before !== undefined &&
    before.text === view.text &&
    before.help === view.help &&
    before.control === view.control &&
    before.required === view.required &&
    before.readOnly === view.readOnly &&
    identical(before.answers, view.answers) &&
    identical(before.options, view.options) &&
    identical(before.faults, view.faults) &&
    identical(before.children, view.children) &&
    identical(before.rows ?? NONE, view.rows ?? NONE) &&
    before.item === view.item;
  return isSame ? before : view;
}

/** A list with those members that are as they were, and itself the one that was, if all are. */
export function list<T>(
  before: readonly T[] | undefined,
  now: readonly T[],
  isSame: (a: T, b: T) => boolean,
): readonly T[] {
  if (before === undefined) return now;
  const merged = now.map((each, index) => {
    const old = before[index];
    return old !== undefined && (old === each || isSame(old, each)) ? old : each;
  });
  return identical(before, merged) ? before : merged;
}

function identical(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && a.every((each, index) => each === b[index]));
}
