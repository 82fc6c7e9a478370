import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Task } from '@medplum/fhirtypes';
import { notice, remindedOrder, stoppedOrder, stopReason } from '../src/registry/order.ts';
import { rightConcept } from '../src/registry/patient-right.ts';
import { evaluate } from './course/evaluate.ts';
import { rightNotToBeAsked } from './course/may-ask.ts';
import { now } from './course/now.ts';
import { readOrder } from './course/read-order.ts';
import { createOnce, save } from './course/save.ts';

/**
 * Reminds the patient once when the deadline of an order passes without an answer, and sets the last deadline. An order
 * whose course has left the registry in the meantime, or whose patient may not be asked any more, is stopped instead.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const order = await readOrder(medplum, event.input as Task, 'sent');
  const at = now(event);
  if (order?.form.reminder === undefined || Date.parse(order.task.restriction?.period?.end ?? '') > at.getTime()) {
    return;
  }
  const { task, form, protocol } = order;
  if (order.membership === undefined) {
    await save(medplum, stoppedOrder(task, stopReason(protocol, undefined, evaluate), at));
    return;
  }
  const right = await rightNotToBeAsked(medplum, task.for, protocol.url);
  if (right !== undefined) {
    await save(medplum, stoppedOrder(task, rightConcept(right), at));
    return;
  }
  const message = notice(task, 'reminder', form.reminder?.text ?? form.notice, at);
  await createOnce(medplum, message, message.identifier?.[0] ?? {});
  await save(medplum, remindedOrder(task, form, protocol.zone, at));
}
