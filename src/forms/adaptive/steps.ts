import type { FormItem } from '../form.ts';

const controlUrl = 'http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl';
const hiddenUrl = 'http://hl7.org/fhir/StructureDefinition/questionnaire-hidden';
/** Groups whose questions are seen together. */
const TOGETHER: ReadonlySet<string> = new Set(['page', 'table', 'htable', 'gtable', 'grid', 'list']);

/** What is asked at one time with a question: the outermost group around it that is a page or a table, or it alone. */
export function stepOf(item: FormItem): FormItem {
  let step = item;
  for (let outer = item.parent; outer !== undefined; outer = outer.parent) {
    if (isTogether(outer)) step = outer;
  }
  return step;
}

function isTogether({ type, source }: FormItem): boolean {
  return (
    type === 'group' &&
    source.extension?.some(
      ({ url, valueCodeableConcept }) =>
        url === controlUrl && valueCodeableConcept?.coding?.some(({ code = '' }) => TOGETHER.has(code)) === true,
    ) === true
  );
}

/** Whether a person answers it: no group, no text, nothing calculated, nothing hidden. */
export function isQuestion(item: FormItem): boolean {
  return (
    item.type !== 'group' && item.type !== 'display' && item.expressions.calculated === undefined && !isHidden(item)
  );
}

/** Whether it is answered by what is known, and by nobody. */
export function isHiddenQuestion(item: FormItem): boolean {
  return (
    item.type !== 'group' && item.type !== 'display' && item.expressions.calculated === undefined && isHidden(item)
  );
}

function isHidden({ source, parent }: FormItem): boolean {
  return (
    source.extension?.some(({ url, valueBoolean }) => url === hiddenUrl && valueBoolean === true) === true ||
    (parent !== undefined && isHidden(parent))
  );
}

/** Whether an item stands in another, or is it. */
export function isWithin(item: FormItem, other: FormItem): boolean {
  return item === other || (item.parent !== undefined && isWithin(item.parent, other));
}
