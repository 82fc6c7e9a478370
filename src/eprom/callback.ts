import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Questionnaire, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { jsonObject } from '../delivery/tokens/access-tokens.ts';
import type { GuardedFetch } from '../egress/guarded-fetch.ts';
import { identifierSystem } from '../registry/names.ts';
import { orderStatus } from '../registry/order.ts';
import type { EpromErrorCode, EpromStatus, FormOrderCallback } from './contract.ts';
import { formDataOf } from './form-data.ts';
import { epromNames, FOREIGN_ORDER } from './names.ts';

/** Where a registry system that orders here is told what became of its orders. */
export interface CallbackAddress {
  /** Its ApiBaseUrl, without a trailing slash. */
  readonly url: string;
  readonly apiKey: string;
}

/** Tasks that another registry system ordered. */
export const CALLBACK_TRIGGER = `Task?code=${FOREIGN_ORDER.system}|${FOREIGN_ORDER.code}`;

/**
 * Tells the registry system that placed an order what became of it (`PUT <ApiBaseUrl>/api/PromsFormOrder`): a handler as
 * bots have, run from the outbox, so at least once. Whoever orders without an address is told nothing. Rejects, to be
 * called again, while the registry doesn't answer `{success: true}`.
 *
 * @param addresses by OAuth client
 */
export function callbacks(addresses: ReadonlyMap<string, CallbackAddress>, guarded: GuardedFetch) {
  return async (medplum: MedplumClient, event: BotEvent): Promise<void> => {
    const task = event.input as Task;
    const client = task.requester?.identifier;
    const address = client?.system === identifierSystem.client ? addresses.get(client.value ?? '') : undefined;
    const told = address === undefined ? undefined : await callbackOf(medplum, task);
    if (address === undefined || told === undefined) return;
    const answer = await guarded(`${address.url}/api/PromsFormOrder`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', authorization: `Basic ${address.apiKey}` },
      body: JSON.stringify(told),
      accept: ['application/json'],
    });
    if (answer.status !== 200 || jsonObject(answer.body).success !== true) {
      throw new Error(`the registry did not take the callback (status ${answer.status})`);
    }
  };
}

async function callbackOf(medplum: MedplumClient, task: Task): Promise<FormOrderCallback | undefined> {
  const id = task.identifier?.find(({ system }) => system === epromNames.order)?.value;
  const metadata = task.input?.find(({ type }) => type?.text === 'metadata')?.valueString;
  const told = (status: EpromStatus, errorCode: EpromErrorCode = 'None', answers: Partial<FormOrderCallback> = {}) =>
    id === undefined
      ? undefined
      : {
          id,
          status,
          errorCode,
          timestampUtc: new Date(task.lastModified ?? task.meta?.lastUpdated ?? 0).toISOString(),
          ...(metadata === undefined ? {} : { metadata }),
          ...answers,
        };
  switch (orderStatus(task)) {
    case 'sent':
      return told('Ordered');
    case 'unreachable':
      return told('Error', 'PatientUnreachable');
    case 'answered':
      return told('Completed', 'None', await answersOf(medplum, task));
    case 'expired':
    case 'stopped':
    case 'closed':
      return told('Expired');
    default:
      return undefined;
  }
}

async function answersOf(medplum: MedplumClient, task: Task): Promise<Partial<FormOrderCallback>> {
  const reference = task.output?.find(({ valueReference }) => valueReference !== undefined)?.valueReference?.reference;
  const response = await medplum.readReference<QuestionnaireResponse>({ reference: reference ?? '' });
  const [url = '', version] = response.questionnaire?.split('|') ?? [];
  const form: Questionnaire | undefined = await medplum.searchOne('Questionnaire', {
    url,
    ...(version === undefined ? {} : { version }),
  });
  if (form === undefined) throw new Error('the form of an answer is not there');
  return { formData: JSON.stringify(formDataOf(form, response)), filledOutBy: filledOutBy(response) };
}

/** The patient in person, unless the response says that somebody else answered. */
function filledOutBy({ source }: QuestionnaireResponse): string {
  return source?.reference?.startsWith('RelatedPerson/') === true ? 'Fullmakt' : 'SegSelv';
}
