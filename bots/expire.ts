import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Task } from '@medplum/fhirtypes';
import { expiredOrder } from '../src/registry/order.ts';
import { now } from './course/now.ts';
import { readOrder } from './course/read-order.ts';
import { save } from './course/save.ts';

/** Locks a form that was not answered after the reminder either, with the registry's reason. */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const order = await readOrder(medplum, event.input as Task, 'reminded');
  const at = now(event);
  if (order?.form.lock === undefined || Date.parse(order.task.restriction?.period?.end ?? '') > at.getTime()) {
    return;
  }
  await save(medplum, expiredOrder(order.task, order.form, at));
}
