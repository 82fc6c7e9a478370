import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Task } from '@medplum/fhirtypes';
import { now } from '../src/registry/event-time.ts';
import { orderStatus } from '../src/registry/order.ts';
import { expiredOrder } from '../src/registry/order-steps.ts';
import { isAnswered } from './course/answered.ts';
import { readOrder } from './course/read-order.ts';
import { save } from './course/save.ts';
import { stopUnfinished } from './course/unfinished.ts';

/**
 * Locks a form when its last deadline passes, with the registry's reason: one that was not answered after the reminder
 * either, and one whose days of paper are over while nothing else is asked of the patient (it is being entered, or the
 * patient cannot be reached). What was begun stays as it is, stopped.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const order = await readOrder(medplum, event.input as Task, ['reminded', 'paper', 'unreachable']);
  const at = now(event);
  if (order === undefined || !(Date.parse(order.task.restriction?.period?.end ?? '') <= at.getTime())) return;
  const { task, form } = order;
  const rule = orderStatus(task) === 'reminded' ? form.lock : form.paper;
  if (rule === undefined || (await isAnswered(medplum, task))) return;
  await stopUnfinished(medplum, task);
  await save(medplum, expiredOrder(task, rule.reason, at));
}
