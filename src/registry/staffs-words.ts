import type { Annotation, Questionnaire, QuestionnaireItem, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { extensionUrl } from './names.ts';
import { isOfRight } from './patient-right.ts';

/**
 * The elements that may hold staff's words among themselves (docs/decisions/0080-staffs-own-words.md), by the type of the
 * resource: of all that patients read only these are ever shortened, and no search of theirs looks into them. A narrative is
 * made of the rest, so it may tell all of it.
 */
export const elementsOfStaff: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['QuestionnaireResponse', new Set(['item', 'text'])],
  ['Task', new Set(['note', 'text'])],
]);

/**
 * Whether a note of a Task is staff's word among themselves (SmerteReg manual 1.8: "Internkommentarer er kun til intern bruk"):
 * not what the patient or who helps them wrote, and not the answer to what a patient has asked for by right, which is
 * written to the patient. What names no author is staff's.
 */
export function isStaffNote(task: Task, { authorReference }: Annotation): boolean {
  return !isOfRight(task) && !/^(Patient|RelatedPerson)\//.test(authorReference?.reference ?? '');
}

/** A Task as its patient is shown it: the very same where it holds no note of staff's. */
export function withoutStaffNotes(task: Task): Task {
  const { note = [], text: _, ...rest } = task;
  const left = note.filter((one) => !isStaffNote(task, one));
  if (left.length === note.length) return task;
  return left.length === 0 ? rest : { ...rest, note: left };
}

/** The link ids of what is internal (our extension questionnaire-internal) in any of these versions of a form. */
export function internalItems(versions: readonly Questionnaire[]): ReadonlySet<string> {
  const all = (items: readonly QuestionnaireItem[] = []): QuestionnaireItem[] =>
    items.flatMap((item) => [item, ...all(item.item)]);
  return new Set(
    versions
      .flatMap(({ item }) => all(item))
      .filter(({ extension }) =>
        extension?.some(({ url, valueBoolean }) => url === extensionUrl.questionnaireInternal && valueBoolean === true),
      )
      .map(({ linkId }) => linkId),
  );
}

/**
 * A response as its patient is shown it: without what is answered internally, and what stands inside it; the very same where
 * it holds nothing of that.
 *
 * @param internal the link ids of what is internal in its form; undefined where nothing is known of the form: no answer is shown
 */
export function withoutInternalItems(
  response: QuestionnaireResponse,
  internal: ReadonlySet<string> | undefined,
): QuestionnaireResponse {
  if (response.item === undefined || internal?.size === 0) return response;
  const { item: items, text: _, ...rest } = response;
  const left = internal === undefined ? [] : itemsLeft(items, internal);
  if (left === items) return response;
  return left.length === 0 ? rest : { ...rest, item: left };
}

type Items = NonNullable<QuestionnaireResponse['item']>;

/** The items that are not internal: the very same list where none is. */
function itemsLeft(items: Items, internal: ReadonlySet<string>): Items {
  const left = items.flatMap((one) => {
    if (internal.has(one.linkId)) return [];
    const under = one.item && itemsLeft(one.item, internal);
    const answers = one.answer?.map((answer) => {
      const inside = answer.item && itemsLeft(answer.item, internal);
      return inside === answer.item ? answer : withItems(answer, inside);
    });
    const same = under === one.item && (answers ?? []).every((answer, place) => answer === one.answer?.[place]);
    return same ? [one] : [{ ...withItems(one, under), ...(answers && { answer: answers }) }];
  });
  return left.length === items.length && left.every((one, place) => one === items[place]) ? items : left;
}

/** FHIR knows no empty list. */
function withItems<T extends { readonly item?: Items }>(
  { item: _, ...rest }: T,
  items: Items | undefined,
): Omit<T, 'item'> & { item?: Items } {
  return items === undefined || items.length === 0 ? rest : { ...rest, item: items };
}
