import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Task } from '@medplum/fhirtypes';
import { now } from '../src/registry/event-time.ts';
import { notice } from '../src/registry/notice.ts';
import { refusedOrder, sentOrder } from '../src/registry/order-steps.ts';
import { stoppedInstead } from './course/may-send.ts';
import { isProduction, orderRefusal } from './course/order-refusal.ts';
import { readOrder } from './course/read-order.ts';
import { createOnce, save } from './course/save.ts';

/**
 * Sends the notice of an order when its time has come, and again of one whose patient could not be reached. An order whose
 * course has left the registry in the meantime is stopped instead, and so is one whose patient may not be asked any more;
 * one whose form may not be sent (its licence has run out since) is refused.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const order = await readOrder(medplum, event.input as Task, ['ordered', 'unreachable']);
  const at = now(event);
  const start = Date.parse(order?.task.restriction?.period?.start ?? '');
  if (order === undefined || !(start <= at.getTime())) return;
  const { task, form, protocol } = order;
  const stopped = await stoppedInstead(medplum, order, at);
  if (stopped !== undefined) {
    await save(medplum, stopped);
    return;
  }
  const asking = { questionnaire: form.questionnaire, patient: task.for, zone: protocol.zone };
  const refusal = await orderRefusal(medplum, { production: isProduction(event), now: at }, asking);
  if (refusal !== undefined) {
    await save(medplum, refusedOrder(task, refusal, at));
    return;
  }
  const message = notice(task, 'notice', form.notice, at);
  await createOnce(medplum, message, message.identifier?.[0] ?? {});
  await save(medplum, sentOrder(task, form, protocol.zone, at));
}
