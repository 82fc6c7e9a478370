import { isMarked } from '../../../forms/constraints/extension-values.ts';
import type { FormItem } from '../../../forms/form.ts';
import type { ItemKey, ItemView, PageView } from '../contract.ts';
import { itemControlsOf } from './form-texts.ts';
import { type ItemFacts, isConcealed } from './item-facts.ts';
import { itemKey, ROOT } from './item-key.ts';

/** What stands on one page, whatever is enabled of it: a page never changes its borders while it is filled in. */
export interface Page {
  readonly key: ItemKey;
  /** Whose text is the page's title; undefined where that is the form's. */
  readonly titled: FormItem | undefined;
  readonly items: readonly FormItem[];
}

/** So much is asked on one page of a patient: four questions with a handful of options each. */
const WEIGHT_MAX = 4;
/** What depends on a question of the page follows it there, up to this. */
const WEIGHT_WITH_DEPENDENTS_MAX = 6;

/**
 * The pages of a form. SDC's `page` groups are pages. Else each group that stands outermost is one, and the questions between
 * groups are cut into pages of about four, evenly: patients answer on a phone, where a page is to be seen in two or three
 * screens. Staff have all questions between two groups on one. A text stands with the question that follows it, and a
 * question that depends on one of the page stays there if there is room.
 */
export function pagesOf(roots: readonly FormItem[], audience: 'patient' | 'staff', facts: ItemFacts): readonly Page[] {
  const pages: Page[] = [];
  let loose: FormItem[] = [];
  const cutLoose = (): void => {
    for (const items of audience === 'staff' ? [loose] : cut(loose, facts)) {
      const [first] = items;
      if (first !== undefined) pages.push({ key: itemKey(ROOT, first.linkId), titled: undefined, items });
    }
    loose = [];
  };
  const hasPages = roots.some((item) => itemControlsOf(item.source).includes('page'));
  for (const item of roots) {
    if (isConcealed(item, audience)) continue;
    const isPage = hasPages ? itemControlsOf(item.source).includes('page') : item.type === 'group';
    if (!isPage) {
      loose.push(item);
      continue;
    }
    // texts before a group introduce it
    const before = loose.every(({ type }) => type === 'display') ? loose : [];
    if (before.length > 0) loose = [];
    cutLoose();
    pages.push(groupPage(item, before, facts));
  }
  cutLoose();
  return pages;
}

/** A page of one group is the group's items under its title; a table, or what repeats, stays a whole. */
function groupPage(item: FormItem, before: readonly FormItem[], facts: ItemFacts): Page {
  const control = facts.control(item);
  const isPlain = !item.repeats && (control === 'group' || control === 'page') && !hasOwnRules(item);
  const key = itemKey(ROOT, item.linkId);
  return isPlain && before.length === 0 && facts.help(item) === undefined
    ? { key, titled: item, items: [...item.children.values()] }
    : { key, titled: undefined, items: [...before, item] };
}

/** What is wrong with a group itself is told at the group. */
function hasOwnRules({ expressions, required, constraints }: FormItem): boolean {
  return expressions.constraints.length > 0 || required || constraints.minOccurs > 0;
}

/** Cut so that no page is much longer than another. */
function cut(items: readonly FormItem[], facts: ItemFacts): readonly (readonly FormItem[])[] {
  const total = items.reduce((sum, item) => sum + weightOf(item, facts), 0);
  const target = total / Math.max(1, Math.ceil(total / WEIGHT_MAX));
  const pages: FormItem[][] = [];
  let page: FormItem[] = [];
  let weight = 0;
  const close = (): void => {
    const texts: FormItem[] = [];
    while (page.at(-1)?.type === 'display') texts.unshift(...page.splice(-1));
    if (page.length > 0) pages.push(page);
    page = texts;
    weight = 0;
  };
  let before = 0;
  let share = 0;
  for (const item of items) {
    const own = weightOf(item, facts);
    // either way round: "I do not know how many" follows the number that it takes away
    const depends = page.some((other) => asksOf(item, other) || asksOf(other, item));
    const isFull = depends
      ? weight + own > WEIGHT_WITH_DEPENDENTS_MAX
      : weight + own > WEIGHT_MAX || Math.floor(before / target) > share;
    if (own > 0 && weight > 0 && isFull) {
      close();
      share = Math.floor(before / target);
    }
    page.push(item);
    weight += own;
    before += own;
  }
  if (page.some(({ type }) => type !== 'display') || pages.length === 0) pages.push(page);
  else pages.at(-1)?.push(...page);
  return pages.filter((each) => each.length > 0);
}

function asksOf(item: FormItem, other: FormItem): boolean {
  return item.enableWhen.some(({ question }) => question === other.linkId);
}

function weightOf(item: FormItem, facts: ItemFacts): number {
  if (item.type === 'display' || (item.retired && isMarked(item.source.extension, 'hidden'))) return 0;
  switch (facts.control(item)) {
    case 'body-map':
    case 'vas':
      return WEIGHT_MAX;
    case 'tick':
      return 0.5;
    default:
      return (facts.offers(item)?.length ?? 0) > 8 ? 2 : 1;
  }
}

/** The pages that have anything to show. @param shown the views of enabled items by key */
export function pageViews(
  pages: readonly Page[],
  shown: ReadonlyMap<ItemKey, ItemView>,
  title: string,
  before: readonly PageView[],
): readonly PageView[] {
  return pages.flatMap(({ key, titled, items }): PageView[] => {
    const container = titled === undefined ? ROOT : itemKey(ROOT, titled.linkId);
    const views = items.flatMap((item) => shown.get(itemKey(container, item.linkId)) ?? []);
    if (
      views.length === 0 ||
      views.every(({ item }) => item.type === 'display' && items.some(({ type }) => type !== 'display'))
    )
      return [];
    const group = titled && shown.get(container);
    const page = { key, title: group?.text || title, items: views };
    const old = before.find((each) => each.key === key);
    const isSame =
      old !== undefined &&
      old.title === page.title &&
      old.items.length === views.length &&
      old.items.every((each, index) => each === views[index]);
    return [isSame ? old : page];
  });
}
