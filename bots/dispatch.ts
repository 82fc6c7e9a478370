import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Task } from '@medplum/fhirtypes';
import { notice, refusedOrder, sentOrder, stoppedOrder, stopReason } from '../src/registry/order.ts';
import { rightConcept } from '../src/registry/patient-right.ts';
import { evaluate } from './course/evaluate.ts';
import { rightNotToBeAsked } from './course/may-ask.ts';
import { now } from './course/now.ts';
import { orderRefusal } from './course/order-refusal.ts';
import { readOrder } from './course/read-order.ts';
import { createOnce, save } from './course/save.ts';

/**
 * Sends the notice of an order when its time has come. An order whose course has left the registry in the meantime is
 * stopped instead, and so is one whose patient may not be asked any more; one whose form may not be sent (its licence has
 * run out since) is refused.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const order = await readOrder(medplum, event.input as Task, 'ordered');
  const at = now(event);
  if (order === undefined || Date.parse(order.task.restriction?.period?.start ?? '') > at.getTime()) {
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
  const asking = { questionnaire: form.questionnaire, patient: task.for, zone: protocol.zone };
  const refusal = await orderRefusal(medplum, event, asking);
  if (refusal !== undefined) {
    await save(medplum, refusedOrder(task, refusal, at));
    return;
  }
  const message = notice(task, 'notice', form.notice, at);
  await createOnce(medplum, message, message.identifier?.[0] ?? {});
  await save(medplum, sentOrder(task, form, protocol.zone, at));
}
