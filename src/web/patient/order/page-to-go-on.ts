import type { FormView, ItemView, PageView } from '../../form/contract.ts';

/**
 * Where somebody goes on who has left a form: on the page that this device remembers; on another device, on the last page
 * with an answer, or the one after it if nothing is left to answer there.
 *
 * @param kept key of the page that this device remembers
 */
export function pageToGoOn({ pages }: Pick<FormView, 'pages'>, kept: string | undefined): string {
  const remembered = pages.find(({ key }) => key === kept);
  if (remembered !== undefined) return remembered.key;
  const last = pages.findLastIndex(isBegun);
  const next = last >= 0 && isDone(pages[last]) ? last + 1 : last;
  return (pages[Math.max(0, Math.min(next, pages.length - 1))] ?? { key: '' }).key;
}

function isBegun({ items }: PageView): boolean {
  return questions(items).some(({ answers }) => answers.length > 0);
}

function isDone(page: PageView | undefined): boolean {
  return questions(page?.items ?? []).every(({ answers }) => answers.length > 0);
}

/** What is asked of the person, in any depth; what is calculated is not. */
function questions(items: readonly ItemView[]): readonly ItemView[] {
  return items.flatMap((view) => {
    const isAsked = view.item.type !== 'group' && view.item.type !== 'display' && !view.readOnly;
    return [...(isAsked ? [view] : []), ...questions(view.children)];
  });
}
