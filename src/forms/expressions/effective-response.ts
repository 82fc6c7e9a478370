import type {
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import type { FormItem } from '../form.ts';
import type { Place } from '../place.ts';

/** What makes the response that expressions see differ from the one that was given. */
export interface Differences {
  readonly isEnabled: (item: FormItem, container: Place) => boolean;
  /** Answers that stand in place of the given ones; undefined where those stand. */
  readonly calculated: (item: FormItem, container: Place) => readonly QuestionnaireResponseItemAnswer[] | undefined;
}

export interface EffectiveResponse {
  readonly response: QuestionnaireResponse;
  /** Each occurrence that had to be copied, with its copy. What is not here is the same object as in the given response. */
  readonly changed: ReadonlyMap<unknown, unknown>;
}

/**
 * The response without what is disabled and with what is calculated, items in the form's order where one had to be added.
 * Copies only what changes: mostly nothing.
 */
export function effectiveResponse(
  response: QuestionnaireResponse,
  root: Place,
  roots: ReadonlyMap<string, FormItem>,
  { isEnabled, calculated }: Differences,
): EffectiveResponse {
  const changed = new Map<unknown, unknown>();

  const itemsAt = (place: Place): readonly QuestionnaireResponseItem[] => {
    const expected = place.item?.children ?? roots;
    const found: QuestionnaireResponseItem[] = [];
    const met = new Set<FormItem>();
    let same = true;
    for (const node of place.items) {
      const item = expected.get(node.linkId);
      if (item !== undefined && !isEnabled(item, place)) {
        same = false;
        continue;
      }
      if (item !== undefined) met.add(item);
      const kept = item === undefined ? node : nodeAt(node, item, place, calculated(item, place));
      same &&= kept === node;
      if (kept !== undefined) found.push(kept);
    }
    const added = addedAt(place, expected, met);
    if (added.length > 0) {
      const position = (node: QuestionnaireResponseItem): number => expected.get(node.linkId)?.position ?? -1;
      return [...found, ...added].sort((a, b) => position(a) - position(b));
    }
    return same ? place.items : found;
  };

  const nodeAt = (
    node: QuestionnaireResponseItem,
    item: FormItem,
    place: Place,
    answers: readonly QuestionnaireResponseItemAnswer[] | undefined,
  ): QuestionnaireResponseItem | undefined => {
    if (answers !== undefined) {
      const { answer: _, ...rest } = node;
      if (answers.length === 0 && node.item === undefined) return undefined;
      return keep(node, { ...rest, ...(answers.length === 0 ? {} : { answer: [...answers] }) });
    }
    if (item.children.size === 0) return node;
    if (item.type === 'group') {
      const inside = place.inside(item, node);
      const items = itemsAt(inside);
      return items === inside.items ? node : keep(node, { ...node, item: [...items] });
    }
    let same = true;
    const kept = (node.answer ?? []).map((answer) => {
      if (answer.item === undefined) return answer;
      const inside = place.inside(item, node, answer);
      const items = itemsAt(inside);
      if (items === inside.items) return answer;
      same = false;
      return { ...answer, item: [...items] };
    });
    return same ? node : keep(node, { ...node, answer: kept });
  };

  /** What is calculated for items, or inside groups, that the response does not have. */
  const addedAt = (
    place: Place,
    expected: ReadonlyMap<string, FormItem>,
    met: ReadonlySet<FormItem>,
  ): QuestionnaireResponseItem[] => {
    const added: QuestionnaireResponseItem[] = [];
    for (const item of expected.values()) {
      if (met.has(item)) continue;
      const answers = calculated(item, place) ?? [];
      if (answers.length > 0) {
        added.push({ linkId: item.linkId, answer: [...answers] });
      } else if (item.type === 'group' && !item.repeats && item.children.size > 0) {
        const items = itemsAt(place.inside(item));
        if (items.length > 0) added.push({ linkId: item.linkId, item: [...items] });
      }
    }
    return added;
  };

  const keep = (given: QuestionnaireResponseItem, copy: QuestionnaireResponseItem): QuestionnaireResponseItem => {
    changed.set(given, copy);
    return copy;
  };

  const items = itemsAt(root);
  if (items === root.items) {
    return { response, changed };
  }
  const copy: QuestionnaireResponse = { ...response, item: [...items] };
  changed.set(response, copy);
  return { response: copy, changed };
}
