import type { QuestionnaireResponseItem, QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import { type AnswerContext, answerFaults, type Report } from '../answer-faults.ts';
import { answerValue } from '../answers.ts';
import type { FormState } from '../expressions/form-state.ts';
import type { FormItem } from '../form.ts';
import type { Place } from '../place.ts';
import type { Bound } from './bound.ts';
import { normalText } from './item-text.ts';
import { permittedOptions } from './permitted-options.ts';
import type { ContainedTypes } from './reference.ts';
import type { ValueSetOptions } from './value-set-options.ts';

/** A response on its way through its form. */
export interface Walk {
  readonly state: FormState;
  /** Whether nothing may be missing. */
  readonly whole: boolean;
  /** Whether it came with older data, where retired questions may be answered. */
  readonly imported: boolean;
  readonly contained: ContainedTypes;
  readonly valueSets: ValueSetOptions;
  readonly report: Report;
  /** Takes the place of an item that the form does not have. */
  readonly unknownItem: (expression: string) => void;
}

/** Reports what is wrong with the items of a response: their structure, how many there are, and their answers. */
export function itemFaults(walk: Walk): void {
  walkItems(walk, walk.state.form.roots, walk.state.root, 'QuestionnaireResponse');
}

function walkItems(walk: Walk, expected: ReadonlyMap<string, FormItem>, place: Place, path: string): void {
  const seen = new Map<FormItem, number>();
  const { items } = place;
  let furthest = -1;
  for (let index = 0; index < items.length; index += 1) {
    const entry = items[index];
    if (entry === undefined) continue;
    const here = `${path}.item[${index}]`;
    const item = expected.get(entry.linkId);
    if (item === undefined) {
      const elsewhere = walk.state.form.items.get(entry.linkId);
      if (elsewhere === undefined) walk.unknownItem(`${here}.linkId`);
      else walk.report('misplacedItem', elsewhere, `${here}.linkId`);
      continue;
    }
    if (item.position < furthest) {
      walk.report('itemOrder', item, here);
    }
    furthest = Math.max(furthest, item.position);
    const before = seen.get(item) ?? 0;
    seen.set(item, before + 1);
    checkItem(walk, item, entry, place, here, before);
  }
  for (const item of expected.values()) {
    checkCount(walk, item, seen.get(item) ?? 0, place, path);
  }
}

function checkItem(
  walk: Walk,
  item: FormItem,
  entry: QuestionnaireResponseItem,
  place: Place,
  path: string,
  before: number,
): void {
  const { report } = walk;
  if (entry.text !== undefined && !isTextOf(item, entry.text)) {
    report('itemText', item, `${path}.text`);
  }
  const answers = entry.answer ?? [];
  if (hasAnswers(entry) && !walk.state.isEnabled(item, place)) {
    report('disabledItem', item, path);
    return;
  }
  if (item.retired && !walk.imported && hasAnswers(entry)) {
    report('retiredItem', item, path);
    return;
  }
  if (before > 0 && (item.type !== 'group' || !item.repeats)) {
    report('duplicateItem', item, path);
  }
  if (item.type === 'group' || item.type === 'display') {
    if (answers.length > 0) {
      report(item.type === 'group' ? 'groupShouldNotHaveAnswers' : 'displayAnswer', item, `${path}.answer`);
    }
    if (entry.item !== undefined || item.hasDuties) {
      walkItems(walk, item.children, place.inside(item, entry), path);
    }
    return;
  }
  if (entry.item !== undefined && entry.item.length > 0) {
    report('answerNesting', item, `${path}.item`);
  }
  checkAnswers(walk, item, entry, answers, place, path);
}

function checkAnswers(
  walk: Walk,
  item: FormItem,
  entry: QuestionnaireResponseItem,
  answers: readonly QuestionnaireResponseItemAnswer[],
  place: Place,
  path: string,
): void {
  if (answers.length > 1 && !item.repeats) {
    walk.report('repeats', item, `${path}.answer[1]`);
  }
  const { state, valueSets } = walk;
  const own = (): Place => place.inside(item, entry);
  const context: AnswerContext = {
    report: walk.report,
    options: permittedOptions(state, valueSets, item, own),
    count: answers.length,
    calculated: item.expressions.elements.size === 0 ? undefined : (name) => calculatedBound(state, item, name, own()),
    unitsOf: (valueSet) => valueSets.of(valueSet),
    contained: walk.contained,
  };
  for (let index = 0; index < answers.length; index += 1) {
    const answer = answers[index];
    if (answer === undefined) continue;
    const here = `${path}.answer[${index}]`;
    answerFaults(item, answer, here, context);
    if (answer.item !== undefined || item.hasDuties) {
      walkItems(walk, item.children, place.inside(item, entry, answer), here);
    }
  }
}

/** An item that is there without answers says nothing: renderers keep the texts of what is disabled. */
function hasAnswers({ answer, item }: QuestionnaireResponseItem): boolean {
  return (answer?.length ?? 0) > 0 || (item?.some(hasAnswers) ?? false);
}

/** The text that a cqf-expression makes may be any. */
function isTextOf({ texts, expressions }: FormItem, text: string): boolean {
  return texts.has(text) || texts.has(normalText(text)) || expressions.elements.has('text');
}

function calculatedBound(state: FormState, item: FormItem, name: string, place: Place): Bound | undefined {
  const expression = item.expressions.elements.get(name);
  const value = expression === undefined ? undefined : state.evaluate(expression, place)[0]?.value;
  return typeof value === 'number' || typeof value === 'string' || (typeof value === 'object' && value !== null)
    ? value
    : undefined;
}

/** How many answers or groups there are: never more than may be, and in a whole response no fewer than must be. */
function checkCount(walk: Walk, item: FormItem, occurrences: number, place: Place, path: string): void {
  if (item.type === 'display') {
    return;
  }
  const { elements } = item.expressions;
  const counts = elements.size === 0 ? item.constraints : calculatedCounts(walk.state, item, place);
  const maxOccurs = counts.maxOccurs;
  const required = elements.has('required') ? isTrue(walk.state, item, 'required', place) : item.required;
  const least = walk.whole ? Math.max(counts.minOccurs, required ? 1 : 0) : 0;
  const group = item.type === 'group';
  const absent = walk.whole && group && !item.repeats && occurrences === 0 && item.hasDuties;
  if (least === 0 && !absent && maxOccurs === Number.POSITIVE_INFINITY) {
    return;
  }
  const count = group ? occurrences : answersTo(item, place);
  if (count > maxOccurs) {
    walk.report('maxCount', item, excessOf(item, place, path, maxOccurs), maxOccurs);
  }
  if ((count >= least && !absent) || !walk.state.isEnabled(item, place)) {
    return;
  }
  if (count < least) {
    walk.report(least > 1 ? 'minCount' : 'required', item, lackOf(item, place, path), least);
  }
  if (absent) {
    // Leaving out a group hides no duty: what must be answered in it is missing all the same. A repeating group may be empty.
    walkItems(walk, item.children, place.inside(item), path);
  }
}

/** Where the least or the greatest number is calculated. */
function calculatedCounts(state: FormState, item: FormItem, place: Place): { minOccurs: number; maxOccurs: number } {
  const own = place.inside(item);
  const [min, max] = ['minOccurs', 'maxOccurs'].map((name) => calculatedBound(state, item, name, own));
  const { minOccurs, maxOccurs } = item.constraints;
  return {
    minOccurs: typeof min === 'number' ? min : minOccurs,
    maxOccurs: typeof max === 'number' ? max : maxOccurs,
  };
}

function isTrue(state: FormState, item: FormItem, name: string, place: Place): boolean {
  const expression = item.expressions.elements.get(name);
  return expression !== undefined && state.test(expression, place.inside(item)) === true;
}

function answersTo(item: FormItem, place: Place): number {
  let count = 0;
  for (const entry of place.items) {
    if (entry.linkId !== item.linkId) continue;
    for (const answer of entry.answer ?? []) {
      if (isAnswer(answer)) count += 1;
    }
  }
  return count;
}

/** A unit without a number answers nothing: renderers preset it. */
function isAnswer(answer: QuestionnaireResponseItemAnswer): boolean {
  const { valueQuantity } = answer;
  return valueQuantity === undefined ? answerValue(answer) !== undefined : valueQuantity.value !== undefined;
}

/** A question that is there without answers lacks them itself; what is not there, and groups, what they should stand in. */
function lackOf({ linkId, type }: FormItem, { items }: Place, path: string): string {
  const index = type === 'group' ? -1 : items.findIndex((entry) => entry.linkId === linkId);
  return index < 0 ? path : `${path}.item[${index}]`;
}

/** Where the first of too many stands. */
function excessOf(item: FormItem, { items }: Place, path: string, most: number): string {
  let before = 0;
  for (let index = 0; index < items.length; index += 1) {
    const entry = items[index];
    if (entry?.linkId !== item.linkId) continue;
    const count = item.type === 'group' ? 1 : (entry.answer?.length ?? 0);
    if (before + count > most) {
      return item.type === 'group' ? `${path}.item[${index}]` : `${path}.item[${index}].answer[${most - before}]`;
    }
    before += count;
  }
  return path;
}
