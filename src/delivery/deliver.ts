import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Communication, Task } from '@medplum/fhirtypes';
import { isHistoric } from '../registry/historic.ts';
import { codeSystem } from '../registry/names.ts';
import { openTaskStatuses } from '../registry/order.ts';
import type { Channel, ContactRegister } from './channel.ts';

const { noticeKind } = codeSystem;

/** The Communications that are to be delivered. */
export const DELIVERY_TRIGGER = `Communication?status=in-progress&category=${noticeKind}|notice,${noticeKind}|reminder`;

/** Makes the address that opens an order, for the patient alone; it holds before the notice is sent. @param task its id */
export type OrderLink = (task: string) => Promise<string>;

/**
 * What sends a notice once its Communication is committed: a handler as bots have, since it runs from the outbox, at
 * least once. A notice for somebody whom the register does not know becomes `not-done`; one whose order has ended in the
 * meantime (the channel may have been away for days) becomes `stopped`: who has withdrawn hears no more. An order's link goes
 * to nobody but whom the order is for, whoever wrote the Communication: it opens the order. What a historic load brought is
 * never sent.
 */
export function delivery(channel: Channel, register: ContactRegister, orderLink?: OrderLink) {
  return async (medplum: MedplumClient, event: BotEvent): Promise<void> => {
    const notice = event.input as Communication;
    const recipient = notice.recipient?.[0]?.reference ?? notice.subject?.reference;
    const text = notice.payload?.map((part) => part.contentString ?? '').join('\n');
    if (notice.id === undefined || recipient === undefined || !text || isHistoric(notice)) {
      return;
    }
    const order = orderOf(notice);
    const ordered = order === undefined ? undefined : await medplum.readReference<Task>({ reference: order });
    if (ordered !== undefined && !openTaskStatuses.includes(ordered.status)) {
      const statusReason = { text: 'The order has ended in the meantime.' };
      await medplum.updateResource({ ...notice, status: 'stopped', statusReason });
      return;
    }
    if (ordered !== undefined && ordered.for?.reference !== recipient) {
      const statusReason = { text: 'The order is not for the recipient.' };
      await medplum.updateResource({ ...notice, status: 'not-done', statusReason });
      return;
    }
    if (!(await register.reachable(recipient))) {
      const statusReason = { text: 'The contact register knows no way to reach the recipient.' };
      await medplum.updateResource({ ...notice, status: 'not-done', statusReason });
      return;
    }
    const task = order?.slice('Task/'.length);
    const link = task === undefined ? undefined : await orderLink?.(task);
    await channel.send({
      idempotencyKey: `Communication/${notice.id}`,
      recipient,
      language: notice.language ?? 'nb',
      text,
      ...(link !== undefined && { link }),
      at: new Date(notice.sent ?? 0),
    });
    await medplum.updateResource({ ...notice, status: 'completed' });
  };
}

/** The order that a notice is about, as `Task/x`. */
function orderOf({ basedOn }: Communication): string | undefined {
  return basedOn?.flatMap(({ reference = '' }) => /^Task\/[^/]+/.exec(reference)?.[0] ?? [])[0];
}
