import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Communication, Task } from '@medplum/fhirtypes';
import { now } from '../src/registry/event-time.ts';
import { isLatestNotice, noticeKind } from '../src/registry/notice.ts';
import { orderStatus } from '../src/registry/order.ts';
import { expiredOrder, triesMax, unreachableOrder, withReason } from '../src/registry/order-steps.ts';
import { orderTimes } from './course/order-facts.ts';
import { criteria } from './course/read-course.ts';
import { readOrder } from './course/read-order.ts';
import { save } from './course/save.ts';
import { stopUnfinished } from './course/unfinished.ts';

/**
 * Keeps an order open whose patient could not be reached, with the reason that staff see. It is tried again at the next
 * times of dispatch, unless a person has ordered it before its time; then it waits for staff. Once the days of paper are
 * over, the form is locked. Where only the reminder could not be carried, the patient has been asked, and the order goes on.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const message = event.input as Communication;
  const reference = message.basedOn?.find((one) => one.reference?.startsWith('Task/'))?.reference;
  if (message.status !== 'not-done' || reference === undefined) return;
  const [task]: Task[] = await medplum.searchResources('Task', criteria(['_id', reference.slice('Task/'.length)]));
  const order = task && (await readOrder(medplum, task, ['sent', 'reminded']));
  if (order === undefined) return;
  const at = now(event);
  const reason = message.statusReason;
  const kind = noticeKind(message);
  if (kind === 'reminder' && orderStatus(order.task) === 'reminded') {
    await save(medplum, withReason(order.task, reason, at));
  } else if (kind === 'notice' && isLatestNotice(message, order.task)) {
    const failed: Communication[] = await medplum.searchResources(
      'Communication',
      criteria(['based-on', reference], ['status', 'not-done']),
    );
    const tries = failed.filter((one) => noticeKind(one) === 'notice').length;
    const { paperEnd: end, isDue } = await orderTimes(medplum, order, at);
    if (end !== undefined && end <= at) {
      await stopUnfinished(medplum, order.task);
      await save(medplum, expiredOrder(order.task, order.form.paper?.reason, at));
      return;
    }
    await save(medplum, unreachableOrder(order.task, order, { reason, end, again: isDue && tries < triesMax }, at));
  }
}
