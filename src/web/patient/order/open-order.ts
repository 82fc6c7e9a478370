import type { Questionnaire } from '@medplum/fhirtypes';
import type { FormLanguage, FormSession } from '../../form/contract.ts';
import { openFormSession } from '../../form/model/form-session.ts';
import { prepareForm } from '../../form/model/prepare-form.ts';
import type { PatientSession, WaitingOrder } from '../contract.ts';
import type { Draft } from '../drafts/draft.ts';
import { openDraft } from '../drafts/drafts.ts';
import { fhir, Offline } from '../network/fhir.ts';
import { pageData } from '../network/page-data.ts';
import { pageToGoOn } from './page-to-go-on.ts';

/** An order whose form is open. */
export interface OpenedOrder {
  readonly order: WaitingOrder;
  readonly draft: Draft;
  readonly form: FormSession;
  /** Key of the page to go on at. */
  readonly page: string;
}

/**
 * Opens the form of an order with what was answered so far.
 *
 * @returns undefined where the person cannot answer it, any more or at all
 * @throws Offline, SignedOut, Refused
 */
export async function openOrder(
  session: PatientSession,
  id: string,
  language: FormLanguage,
): Promise<OpenedOrder | undefined> {
  const order = session.orders.find((each) => each.id === id);
  if (order === undefined) return undefined;
  const [questionnaire, draft] = await Promise.all([formOf(order), openDraft(session, order)]);
  await prepareForm(questionnaire);
  return opened(session, order, language, questionnaire, draft);
}

/** An order whose form and answers are at hand. */
export function opened(
  session: PatientSession,
  order: WaitingOrder,
  language: FormLanguage,
  questionnaire: Questionnaire,
  draft: Draft,
): OpenedOrder {
  const form = openFormSession({
    questionnaire,
    response: draft.response,
    language,
    now: clockOf(session),
    timeZone: session.timeZone,
    audience: 'patient',
  });
  return { order, draft, form, page: pageToGoOn(form.current(), draft.page) };
}

/** The server's time, moved on by this device's clock: a telephone may be wrong about the day. */
function clockOf({ now }: PatientSession): () => Date {
  const ahead_ms = Date.parse(now) - Date.now();
  return () => new Date(Date.now() + ahead_ms);
}

async function formOf({ id, questionnaire }: WaitingOrder): Promise<Questionnaire> {
  const given = pageData()?.order;
  if (given?.id === id) return given.questionnaire;
  const [url = '', version] = questionnaire.split('|');
  const found = await fhir.search('Questionnaire', [
    ['url', url],
    ...(version === undefined ? [] : [['version', version] as const]),
  ]);
  if (found[0] === undefined) throw new Offline('no such form');
  return found[0];
}
