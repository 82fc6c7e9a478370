import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Communication } from '@medplum/fhirtypes';
import { isHistoric } from '../registry/historic.ts';
import type { Channel, ContactRegister } from './channel.ts';

const NOTICE_KIND = 'https://svar.example.org/fhir/CodeSystem/notice-kind';

/** The Communications that are to be delivered. */
export const DELIVERY_TRIGGER = `Communication?status=in-progress&category=${NOTICE_KIND}|notice,${NOTICE_KIND}|reminder`;

/**
 * What sends a notice once its Communication is committed: a handler as bots have, since it runs from the outbox, at
 * least once. A recipient whom the register does not know is left `not-done`, with the reason. What a historic load brought
 * is never sent.
 */
export function delivery(channel: Channel, register: ContactRegister) {
  return async (medplum: MedplumClient, event: BotEvent): Promise<void> => {
    const notice = event.input as Communication;
    const recipient = notice.recipient?.[0]?.reference ?? notice.subject?.reference;
    const text = notice.payload?.map((part) => part.contentString ?? '').join('\n');
    if (notice.id === undefined || recipient === undefined || !text || isHistoric(notice)) {
      return;
    }
    if (!(await register.reachable(recipient))) {
      await medplum.updateResource({
        ...notice,
        status: 'not-done',
        statusReason: { text: 'The contact register knows no way to reach the recipient.' },
      });
      return;
    }
    await channel.send({
      idempotencyKey: `Communication/${notice.id}`,
      recipient,
      language: notice.language ?? 'nb',
      text,
      at: new Date(notice.sent ?? 0),
    });
    await medplum.updateResource({ ...notice, status: 'completed' });
  };
}
