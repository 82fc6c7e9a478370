import { renderToString } from 'preact-render-to-string';
import { languagesOf } from '../form/model/form-texts.ts';
import { prepareForm } from '../form/model/prepare-form.ts';
import { formWords } from '../form/words.ts';
import { App } from './app.tsx';
import { Draft } from './drafts/draft.ts';
import type { DraftParts } from './drafts/draft-state.ts';
import { emptyResponse } from './drafts/response.ts';
import type { PageData } from './network/page-data.ts';
import { formLanguage } from './order/form-language.ts';
import { opened } from './order/open-order.ts';
import { loadWords } from './words.ts';

/**
 * The first page of a form as HTML: the server puts it into the page that it sends, so that the first question can be read
 * and answered before any script is there (src/apps/first-page.ts). The browser renders the same over it.
 *
 * @returns undefined where the page's data names no order that waits
 */
export async function prerender({ session, order: given }: PageData): Promise<string | undefined> {
  const order = session.orders.find(({ id }) => id === given?.id);
  if (given === undefined || order === undefined) return undefined;
  const { language } = session;
  const [words, spoken] = await Promise.all([
    loadWords(language),
    formWords(formLanguage(languagesOf(given.questionnaire), language)),
    prepareForm(given.questionnaire),
  ]);
  const response = given.response ?? emptyResponse(session.person, order, given.basedOn);
  const record = { order: order.id, response, base: given.response, changed: false, sending: false, page: undefined };
  const form = opened(session, order, language, given.questionnaire, new Draft(record, NOTHING_KEPT));
  const prepared = { session, language, words, formWords: spoken, opened: form };
  return renderToString(<App route={{ at: 'order', order: order.id, view: 'fill' }} prepared={prepared} />);
}

/** Rendering keeps and sends nothing. */
const NOTHING_KEPT = {} as DraftParts;
