import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Task } from '@medplum/fhirtypes';
import { now } from '../registry/event-time.ts';
import { codeSystem } from '../registry/names.ts';
import { openTaskStatuses } from '../registry/order.ts';
import { CALLBACK_TRIGGER } from './callback.ts';

/** Open orders of other registry systems, handed over when they expire. */
export const EXPIRY_TRIGGER = `${CALLBACK_TRIGGER}&status=${openTaskStatuses.join(',')}`;
export const EXPIRY_DUE = 'Task.restriction.period.end';

/**
 * Ends an order of another registry system that was not answered until its expiryDate: a handler as bots have. One without
 * such a date stays open.
 */
export async function foreignExpiry(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const task = event.input as Task;
  const at = now(event);
  const end = Date.parse(task.restriction?.period?.end ?? '');
  if (!openTaskStatuses.includes(task.status) || !(end <= at.getTime())) return;
  await medplum.updateResource({
    ...task,
    status: 'failed',
    businessStatus: { coding: [{ system: codeSystem.orderStatus, code: 'expired' }] },
    lastModified: at.toISOString(),
  });
}
