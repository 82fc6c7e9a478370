import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Patient, Task } from '@medplum/fhirtypes';
import { now } from '../registry/event-time.ts';
import { codeSystem } from '../registry/names.ts';
import { openTaskStatuses } from '../registry/order.ts';
import { FOREIGN_ORDER } from './names.ts';

export const DEATH_TRIGGER = 'Patient?deceased=true';

/** Whether a patient is dead, by what their resource says. */
export function isDead({ deceasedBoolean, deceasedDateTime }: Patient): boolean {
  return deceasedBoolean === true || deceasedDateTime !== undefined;
}

/** Stops the open orders of other registry systems once their patient is dead: a handler as bots have. */
export async function foreignDeath(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const patient = event.input as Patient;
  if (!isDead(patient)) return;
  const open: Task[] = await medplum.searchResources(
    'Task',
    new URLSearchParams({
      patient: `Patient/${patient.id}`,
      code: `${FOREIGN_ORDER.system}|${FOREIGN_ORDER.code}`,
      status: openTaskStatuses.join(','),
      _count: '500',
    }).toString(),
  );
  for (const task of open) {
    await medplum.updateResource({
      ...task,
      status: 'cancelled',
      businessStatus: { coding: [{ system: codeSystem.orderStatus, code: 'stopped' }] },
      lastModified: now(event).toISOString(),
    });
  }
}
