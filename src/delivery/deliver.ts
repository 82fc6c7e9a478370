import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Communication, Patient, Practitioner, Task } from '@medplum/fhirtypes';
import { now as timeOf } from '../registry/event-time.ts';
import { isHistoric } from '../registry/historic.ts';
import { codeSystem } from '../registry/names.ts';
import { chosenChannel, isTaskInput, openTaskStatuses, orderStatus } from '../registry/order.ts';
import { patientLanguage } from '../registry/patient-language.ts';
import { type UnreachableReason, unreachableReason } from '../registry/unreachable.ts';
import type { Channel, Medium, NoticedOrder } from './channel.ts';
import { type Contact, type ContactRegister, ownContact } from './contact.ts';
import { neutralText } from './words.ts';

const { noticeKind, noticeChannel } = codeSystem;

/** The Communications that are to be delivered. */
export const DELIVERY_TRIGGER = `Communication?status=in-progress&category=${noticeKind}|notice,${noticeKind}|reminder`;

/** Makes the address that opens an order, for the patient alone; it holds before the notice is sent. @param task its id */
export type OrderLink = (task: string) => Promise<string>;

/**
 * What sends a notice once its Communication is committed: a handler as bots have, since it runs from the outbox, at
 * least once. The contact register is asked each time. Communication.medium says which channels somebody chose; without
 * it the secure ones are tried, in their order, and no other. An unsecured one counts only where the order says so too,
 * as it does once a person has ordered by it (Task/$order): systems that write Communications cannot choose it. What carried the notice is the medium of the `completed`
 * Communication; why nothing could, the statusReason of one that is `not-done`.
 *
 * A notice whose order has ended in the meantime (the channel may have been away for days) becomes `stopped`: who has
 * withdrawn hears no more, nor whose form staff enter from paper. An order's link goes to nobody but whom the order is for, whoever wrote the Communication: it
 * opens the order. What a historic load brought is never sent.
 */
export function delivery(channels: readonly Channel[], register: ContactRegister, orderLink?: OrderLink) {
  return async (medplum: MedplumClient, event: BotEvent): Promise<void> => {
    const notice = event.input as Communication;
    const recipient = notice.recipient?.[0]?.reference ?? notice.subject?.reference;
    const text = notice.payload?.map((part) => part.contentString ?? '').join('\n');
    if (notice.id === undefined || recipient === undefined || !text || isHistoric(notice)) {
      return;
    }
    const end = async (status: 'stopped' | 'not-done', statusReason: Communication['statusReason']): Promise<void> =>
      void (await medplum.updateResource({ ...notice, status, statusReason }));
    const order = orderOf(notice);
    const ordered = order === undefined ? undefined : await medplum.readReference<Task>({ reference: order });
    if (ordered !== undefined && !isAsked(ordered)) {
      return end('stopped', { text: 'The order has ended in the meantime.' });
    }
    if (ordered !== undefined && ordered.for?.reference !== recipient) {
      return end('not-done', { text: 'The order is not for the recipient.' });
    }
    const chosen = channelChosen(notice);
    if (isUnsecured(chosen) && (ordered === undefined || chosenChannel(ordered) !== chosen)) {
      return end('not-done', { text: 'Nobody has chosen an unsecured channel for this order.' });
    }
    if (!/^(Patient|Practitioner)\/[^/]+$/.test(recipient)) {
      return end('not-done', unreachableReason('not-in-register'));
    }
    const now = timeOf(event);
    const person = await medplum.readReference<Patient | Practitioner>({ reference: recipient });
    const sending = { notice, text, ordered, now, orderLink };
    const carried =
      person.resourceType === 'Patient'
        ? await carryToPatient(channels, await register.find(person, now), person, sending)
        : await carryToStaff(channels, ownContact(recipient, person), sending);
    if ('unreachable' in carried) {
      return end('not-done', unreachableReason(carried.unreachable));
    }
    const medium = [{ coding: [{ system: noticeChannel, code: carried.by }] }];
    await medplum.updateResource({ ...notice, status: 'completed', medium });
  };
}

interface Sending {
  readonly notice: Communication;
  readonly text: string;
  readonly ordered: Task | undefined;
  readonly now: Date;
  readonly orderLink: OrderLink | undefined;
}

type Carried = { readonly by: string } | { readonly unreachable: UnreachableReason };

/** By the channels that were chosen; where others may read it, in words that tell nothing. */
function carryToPatient(
  channels: readonly Channel[],
  contact: Contact,
  patient: Patient,
  sending: Sending,
): Promise<Carried> {
  const { notice } = sending;
  const language = patientLanguage(patient) ?? contact.language ?? notice.language ?? 'nb';
  const words = { language, unsecured: neutralText(language) };
  return carry(channelsOf(channels, channelChosen(notice)), contact, words, sending);
}

/** By which channels staff are tried. */
const STAFF_MEDIA: readonly Medium[] = ['secure', 'sms', 'email'];

/** A notice to staff is about no patient (their application was answered, say): it goes by whatever reaches them. */
function carryToStaff(channels: readonly Channel[], contact: Contact, sending: Sending): Promise<Carried> {
  const ways = STAFF_MEDIA.flatMap((medium) => channels.filter((channel) => channel.medium === medium));
  return carry(ways, contact, { language: sending.notice.language ?? 'nb', unsecured: sending.text }, sending);
}

/** Sends by the first of some channels that reaches the person. */
async function carry(
  channels: readonly Channel[],
  contact: Contact,
  { language, unsecured }: { readonly language: string; readonly unsecured: string },
  { notice, text, ordered, now, orderLink }: Sending,
): Promise<Carried> {
  const reasons: UnreachableReason[] = [];
  for (const channel of channels) {
    const way = channel.reach(contact, now);
    if ('unreachable' in way) {
      reasons.push(way.unreachable);
      continue;
    }
    const secure = channel.medium === 'secure';
    const link = ordered?.id === undefined ? undefined : await orderLink?.(ordered.id);
    const refused = await channel.send({
      idempotencyKey: `Communication/${notice.id}`,
      recipient: way.address,
      language,
      text: secure ? text : unsecured,
      ...(link !== undefined && { link }),
      ...(secure && ordered !== undefined && { order: noticed(ordered, notice) }),
      at: new Date(notice.sent ?? 0),
    });
    if (refused === undefined) return { by: channel.name };
    reasons.push(refused);
  }
  // that one of several mailboxes is missing tells staff less than what stands in the way of the other
  const telling = reasons.find((reason) => reason !== 'no-secure-mailbox') ?? reasons[0];
  return { unreachable: telling ?? 'channel-not-offered' };
}

/** The code of CodeSystem notice-channel that a notice is to go by. */
function channelChosen({ medium = [] }: Communication): string {
  const codes = medium.flatMap(({ coding = [] }) => coding).filter(({ system }) => system === noticeChannel);
  return codes.find(({ code }) => code !== undefined)?.code ?? 'secure';
}

/** The channels of a choice: of a kind (`secure`, `email`, `sms`), or the secure one of that name. */
function channelsOf(channels: readonly Channel[], chosen: string): readonly Channel[] {
  return channels.filter(({ name, medium }) => medium === chosen || (medium === 'secure' && name === chosen));
}

/** Whether a choice leads to where others may read what is sent. */
function isUnsecured(chosen: string): boolean {
  return chosen === 'email' || chosen === 'sms';
}

function noticed({ id = '', input, restriction }: Task, { category = [] }: Communication): NoticedOrder {
  const end = restriction?.period?.end;
  return {
    task: id,
    questionnaire: input?.find((one) => isTaskInput(one, 'questionnaire'))?.valueCanonical,
    end: end === undefined ? undefined : new Date(end),
    reminder: category.some(({ coding = [] }) =>
      coding.some(({ system, code }) => system === noticeKind && code === 'reminder'),
    ),
  };
}

function isAsked(order: Task): boolean {
  return openTaskStatuses.includes(order.status) && orderStatus(order) !== 'paper';
}

/** The order that a notice is about, as `Task/x`. */
function orderOf({ basedOn }: Communication): string | undefined {
  return basedOn?.flatMap(({ reference = '' }) => /^Task\/[^/]+/.exec(reference)?.[0] ?? [])[0];
}
