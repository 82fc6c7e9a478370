import type { FormLanguage } from '../form/contract.ts';
import { languagesOf } from '../form/model/form-texts.ts';
import { type FormWords, formWords } from '../form/words.ts';
import type { PatientSession } from './contract.ts';
import { chosenLanguage } from './language-choice.ts';
import { pageData } from './network/page-data.ts';
import { formLanguage } from './order/form-language.ts';
import { type OpenedOrder, openOrder } from './order/open-order.ts';
import type { Route } from './route.ts';
import { loadWords, type Words } from './words.ts';

/** All that the page of a form is made of, there before it is rendered: by the server, and then by the browser again. */
export interface Prepared {
  readonly session: PatientSession;
  readonly language: FormLanguage;
  readonly words: Words;
  readonly formWords: FormWords;
  readonly opened: OpenedOrder;
}

/** What the page in this browser was made of by the server; undefined where it came empty. */
export async function preparedPage(route: Route): Promise<Prepared | undefined> {
  const data = pageData();
  if (data?.order === undefined || route.at !== 'order' || route.order !== data.order.id) return undefined;
  const { session } = data;
  const language = chosenLanguage(session);
  const [words, spoken, opened] = await Promise.all([
    loadWords(language),
    formWords(formLanguage(languagesOf(data.order.questionnaire), language)),
    openOrder(session, route.order, language),
  ]);
  return opened && { session, language, words, formWords: spoken, opened };
}
