import type { FormView, ItemKey, ItemView, PageView } from '../contract.ts';
import { list } from './item-views.ts';
import { type Page, pageViews } from './pages.ts';

/** The form as it is shown. What is as it was before is the same object, so that it is not rendered again. */
export function formView(
  { title, language, languages }: Pick<FormView, 'title' | 'language' | 'languages'>,
  of: readonly Page[],
  views: ReadonlyMap<ItemKey, ItemView>,
  before: FormView | undefined,
): FormView {
  const pages = list<PageView>(before?.pages, pageViews(of, views, title, before?.pages ?? []), Object.is);
  const counted = progressOf(views.values());
  const isAsBefore = before?.progress.answered === counted.answered && before.progress.asked === counted.asked;
  const progress = isAsBefore ? before.progress : counted;
  return before !== undefined && isAsBefore && before.pages === pages && before.language === language
    ? before
    : { title, language, languages, pages, progress };
}

function progressOf(views: Iterable<ItemView>): FormView['progress'] {
  let answered = 0;
  let asked = 0;
  for (const { item, readOnly, control, answers } of views) {
    if (item.type === 'group' || item.type === 'display' || readOnly || control === 'calculated') continue;
    asked += 1;
    if (answers.length > 0) answered += 1;
  }
  return { answered, asked };
}
