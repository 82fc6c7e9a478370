import type { QuestionnaireResponseItem, QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import { confirmationUrl } from '../../../forms/constraints/confirmation.ts';
import { isMarked } from '../../../forms/constraints/extension-values.ts';
import type { Calculation } from '../../../forms/expressions/calculations.ts';
import type { FormState } from '../../../forms/expressions/form-state.ts';
import type { FormItem } from '../../../forms/form.ts';
import type { Place } from '../../../forms/place.ts';
import type { ItemKey } from '../contract.ts';
import { type Answers, answerKey, type Draft } from './draft.ts';
import { insideKey, itemKey, ROOT, rowKey } from './item-key.ts';

/** What a person is asked and has answered, as a response holds it. */
export interface Outcome {
  readonly items: readonly QuestionnaireResponseItem[];
  /** Where a path of this response, `QuestionnaireResponse.item[0]`, leads to; of what others may stand in alone. */
  readonly places: ReadonlyMap<string, Container>;
  /** What counts as answered to each question, calculated or not, with what was confirmed of it. */
  readonly answers: ReadonlyMap<ItemKey, Answers>;
}

export interface Container {
  readonly key: ItemKey;
  readonly item: FormItem | undefined;
}

export interface OutcomeOptions {
  /** With what is calculated where a person could have answered otherwise: once that is saved, it counts as the person's. */
  readonly whole: boolean;
  /** With the person's confirmations of warnings. */
  readonly confirmed: boolean;
}

/** The draft without what is not asked, with what is calculated. @param state of the draft's own response */
export function outcomeOf(draft: Draft, state: FormState, { whole, confirmed }: OutcomeOptions): Outcome {
  const places = new Map<string, Container>([['QuestionnaireResponse', { key: ROOT, item: undefined }]]);
  const counting = new Map<ItemKey, Answers>();
  const calculated = byPlace(state.calculated());
  const kept = <T extends { extension?: QuestionnaireResponseItem['extension'] }>(element: T): T =>
    confirmed || element.extension === undefined ? element : withoutConfirmations(element);

  const walk = (level: ReadonlyMap<string, FormItem>, place: Place, container: ItemKey, path: string) => {
    const items: QuestionnaireResponseItem[] = [];
    const here = (): string => `${path}.item[${items.length}]`;
    for (const item of level.values()) {
      if (!state.isEnabled(item, place)) continue;
      const key = itemKey(container, item.linkId);
      const nodes = place.occurrencesOf(item.linkId);
      const [node] = nodes;
      if (item.type === 'group' && item.repeats) {
        const rows = draft.rows.get(key) ?? [];
        nodes.forEach((row, index) => {
          const own = rowKey(key, rows[index] ?? '');
          places.set(here(), { key: own, item });
          const inside = walk(item.children, place.inside(item, row), own, here());
          items.push(kept({ ...bare(row), ...(inside.length > 0 && { item: inside }) }));
        });
      } else if (item.type === 'group' || item.type === 'display') {
        if (item.children.size === 0) continue;
        places.set(here(), { key, item });
        const inside = walk(item.children, place.inside(item, node), key, here());
        if (inside.length > 0) items.push(kept({ ...bare(node ?? { linkId: item.linkId }), item: inside }));
      } else {
        const answers = answersOf(item, node, calculated.get(place)?.get(item), whole);
        if (answers.length === 0) continue;
        counting.set(key, answers);
        const answer = answers.map((each, index) => {
          if (item.children.size === 0) return kept(each);
          const at = `${here()}.answer[${index}]`;
          const own = answerKey(item, key, each);
          places.set(at, { key: own, item });
          const inside = walk(item.children, place.inside(item, node, each), own, at);
          const { item: _, ...rest } = each;
          return kept({ ...rest, ...(inside.length > 0 && { item: inside }) });
        });
        items.push(kept({ ...bare(node ?? { linkId: item.linkId }), answer }));
      }
    }
    return items;
  };
  return { items: walk(state.form.roots, state.root, ROOT, 'QuestionnaireResponse'), places, answers: counting };
}

/**
 * The key of the item that a fault is of. What lacks an item stands further out than the item: the groups between are left
 * out of the response.
 */
export function keyOfFault({ places }: Outcome, item: FormItem, expression: string): ItemKey {
  const outer: FormItem[] = [];
  for (let each = item.parent; each !== undefined; each = each.parent) outer.unshift(each);
  let path = expression;
  let container = places.get(path);
  while (container === undefined || (container.item !== undefined && !outer.includes(container.item))) {
    const cut = path.lastIndexOf('.');
    if (cut < 0) break;
    path = path.slice(0, cut);
    container = places.get(path);
  }
  let key = container?.key ?? ROOT;
  const from = container?.item === undefined ? 0 : outer.indexOf(container.item) + 1;
  for (const each of outer.slice(from)) {
    key = itemKey(key, each.linkId);
    if (each.type !== 'group') key = insideKey(key, '');
  }
  return itemKey(key, item.linkId);
}

/** Calculations by where they stand. */
export function byPlace(all: readonly Calculation[]): ReadonlyMap<Place, ReadonlyMap<FormItem, Calculation>> {
  const found = new Map<Place, Map<FormItem, Calculation>>();
  for (const each of all) {
    const own = found.get(each.container) ?? new Map<FormItem, Calculation>();
    found.set(each.container, own.set(each.item, each));
  }
  return found;
}

function answersOf(
  item: FormItem,
  node: QuestionnaireResponseItem | undefined,
  calculation: Calculation | undefined,
  whole: boolean,
): readonly QuestionnaireResponseItemAnswer[] {
  const given = node?.answer ?? [];
  const made = calculation?.stands;
  if (made === undefined) return given;
  return whole || item.readOnly || isMarked(item.source.extension, 'hidden') ? made : given;
}

function bare({ item: _, answer: __, ...rest }: QuestionnaireResponseItem): QuestionnaireResponseItem {
  return rest;
}

function withoutConfirmations<T extends { extension?: QuestionnaireResponseItem['extension'] }>(element: T): T {
  const { extension = [], ...rest } = element;
  const others = extension.filter(({ url }) => url !== confirmationUrl);
  return (others.length === 0 ? rest : { ...rest, extension: others }) as T;
}
