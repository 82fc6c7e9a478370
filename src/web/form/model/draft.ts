import type {
  Extension,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import { answerValue } from '../../../forms/answers.ts';
import { isMarked } from '../../../forms/constraints/extension-values.ts';
import type { Form, FormItem } from '../../../forms/form.ts';
import { optionKey } from '../../../forms/options.ts';
import type { ItemKey } from '../contract.ts';
import { insideKey, itemKey, ROOT, rowKey } from './item-key.ts';

/** Answers without the items inside them, which have keys of their own. */
export type Answers = readonly QuestionnaireResponseItemAnswer[];
/** What an item or a row holds beside its answers and items. */
type Rest = Omit<QuestionnaireResponseItem, 'linkId' | 'answer' | 'item'>;
type Items = ReadonlyMap<string, FormItem>;

/**
 * What was answered, flat: each question by its key. Answers to what is not asked any more stay here, and so do those inside
 * an answer that was taken back: they are there again when the question is.
 */
export interface Draft {
  readonly answers: Map<ItemKey, Answers>;
  /** The rows of each repeating group, by name and in order. */
  readonly rows: Map<ItemKey, readonly string[]>;
  readonly rest: Map<ItemKey, Rest>;
}

export const NO_ANSWERS: Answers = [];

/**
 * Takes a response apart. What is calculated and hidden is left out: nobody can have answered it, and it is calculated anew.
 *
 * @param nameRow how the rows of a repeating group are named
 */
export function readDraft(
  form: Form,
  response: QuestionnaireResponse,
  nameRow: (group: ItemKey, index: number) => string,
): Draft {
  const draft: Draft = { answers: new Map(), rows: new Map(), rest: new Map() };
  keepRest(draft, ROOT, { extension: response.extension });
  const walk = (level: Items, nodes: readonly QuestionnaireResponseItem[] | undefined, container: ItemKey): void => {
    const byLinkId = Map.groupBy(nodes ?? [], ({ linkId }) => linkId);
    for (const item of level.values()) {
      const own = byLinkId.get(item.linkId);
      if (own === undefined || isDerived(item)) continue;
      const key = itemKey(container, item.linkId);
      if (item.type === 'group' && item.repeats) {
        const rows = own.map((_, index) => nameRow(key, index));
        draft.rows.set(key, rows);
        own.forEach((node, index) => {
          const row = rowKey(key, rows[index] ?? '');
          keepRest(draft, row, node);
          walk(item.children, node.item, row);
        });
        continue;
      }
      for (const node of own) keepRest(draft, key, node);
      if (item.type === 'group' || item.type === 'display') {
        walk(
          item.children,
          own.flatMap((node) => node.item ?? []),
          key,
        );
        continue;
      }
      const answers = own.flatMap(({ answer }) => answer ?? []).filter((answer) => answerValue(answer) !== undefined);
      if (answers.length > 0) draft.answers.set(key, answers.map(withoutItems));
      for (const answer of answers) walk(item.children, answer.item, answerKey(item, key, answer));
    }
  };
  walk(form.roots, response.item, ROOT);
  return draft;
}

/** The draft as a response's items, those that are not asked any more included, in the form's order. */
export function itemsOf(draft: Draft, level: Items, container: ItemKey): QuestionnaireResponseItem[] {
  const items: QuestionnaireResponseItem[] = [];
  for (const item of level.values()) {
    const key = itemKey(container, item.linkId);
    const { linkId } = item;
    if (item.type === 'group' && item.repeats) {
      for (const row of draft.rows.get(key) ?? []) {
        const inside = itemsOf(draft, item.children, rowKey(key, row));
        items.push({ ...draft.rest.get(rowKey(key, row)), linkId, ...(inside.length > 0 && { item: inside }) });
      }
    } else if (item.type === 'group' || item.type === 'display') {
      const inside = itemsOf(draft, item.children, key);
      if (inside.length > 0) items.push({ ...draft.rest.get(key), linkId, item: inside });
    } else {
      const answers = draft.answers.get(key) ?? NO_ANSWERS;
      if (answers.length === 0) continue;
      const answer = answers.map((each) => {
        const inside = item.children.size === 0 ? [] : itemsOf(draft, item.children, answerKey(item, key, each));
        return inside.length > 0 ? { ...each, item: inside } : each;
      });
      items.push({ ...draft.rest.get(key), linkId, answer });
    }
  }
  return items;
}

/** The key of what stands inside an answer. Where there is one answer at most, what stands in it outlives its change. */
export function answerKey(item: FormItem, key: ItemKey, answer: QuestionnaireResponseItemAnswer): ItemKey {
  const value = item.repeats ? answerValue(answer) : undefined;
  return insideKey(key, value === undefined ? '' : optionKey(value.key, value.value));
}

/** The item at a key; undefined for rows, for the response itself, and for what the form does not have. */
export function itemAt(form: Form, key: ItemKey): FormItem | undefined {
  const last = /([^/:=]*)$/.exec(key)?.[1];
  const item = last === undefined ? undefined : form.items.get(decodeURIComponent(last));
  return item !== undefined &&
    (key === itemKey(ROOT, item.linkId) || key.endsWith(`/${encodeURIComponent(item.linkId)}`))
    ? item
    : undefined;
}

/** What the form calculates where nobody sees it. */
function isDerived(item: FormItem): boolean {
  return (
    !item.retired &&
    isMarked(item.source.extension, 'hidden') &&
    (item.source.extension?.some(({ url }) => url?.endsWith('calculatedExpression') === true) ?? false)
  );
}

/** An answer alone: the items inside it have keys of their own. */
export function withoutItems({ item: _, ...answer }: QuestionnaireResponseItemAnswer): QuestionnaireResponseItemAnswer {
  return answer;
}

function keepRest(draft: Draft, key: ItemKey, node: { readonly extension?: Extension[] | undefined }): void {
  const { linkId: _, answer: __, item: ___, ...rest } = node as QuestionnaireResponseItem;
  const told = Object.values(rest).some((value) => value !== undefined);
  if (told) draft.rest.set(key, { ...draft.rest.get(key), ...rest });
}
