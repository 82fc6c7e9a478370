import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Task } from '@medplum/fhirtypes';
import { now } from '../src/registry/event-time.ts';
import { notice } from '../src/registry/notice.ts';
import { remindedOrder } from '../src/registry/order-steps.ts';
import { timesPutOff } from '../src/registry/patient-word.ts';
import { isAnswered } from './course/answered.ts';
import { stoppedInstead } from './course/may-send.ts';
import { readOrder } from './course/read-order.ts';
import { createOnce, save } from './course/save.ts';

/**
 * Reminds the patient once when the deadline of an order passes without an answer, or when they asked to be reminded, and
 * sets the last deadline. An order
 * whose course has left the registry in the meantime, or whose patient may not be asked any more, is stopped instead.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const order = await readOrder(medplum, event.input as Task, ['sent']);
  const at = now(event);
  if (order === undefined || !(Date.parse(order.task.restriction?.period?.end ?? '') <= at.getTime())) return;
  if (order.form.reminder === undefined && timesPutOff(order.task) === 0) return;
  const { task, form, protocol } = order;
  if (await isAnswered(medplum, task)) return;
  const stopped = await stoppedInstead(medplum, order, at);
  if (stopped !== undefined) {
    await save(medplum, stopped);
    return;
  }
  const message = notice(task, 'reminder', form.reminder?.text ?? form.notice, at);
  await createOnce(medplum, message, message.identifier?.[0] ?? {});
  await save(medplum, remindedOrder(task, form, protocol.zone, at));
}
