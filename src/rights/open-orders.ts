import type { Task } from '@medplum/fhirtypes';
import { sdcTaskSystem } from '../registry/names.ts';
import { openTaskStatuses, orderStatus } from '../registry/order.ts';
import { stoppedOrder } from '../registry/order-steps.ts';
import { type PatientRight, rightConcept } from '../registry/patient-right.ts';
import type { Work } from './one-commit.ts';

/**
 * Stops what a patient has been asked and has not answered, and what is planned. What may not be sent anyway stays.
 * @param protocol canonical of the registry that asks; undefined: whoever asks
 */
export async function stopOrders(
  work: Work,
  patientId: string,
  right: PatientRight,
  protocol: string | undefined,
): Promise<void> {
  const open = await work.find<Task>('Task', [
    ['patient', `Patient/${patientId}`],
    ['code', `${sdcTaskSystem}|complete-questionnaire`],
    ['status', ['draft', ...openTaskStatuses].join(',')],
  ]);
  for (const task of open) {
    if (orderStatus(task) === 'withheld') continue;
    if (protocol === undefined || task.instantiatesUri?.startsWith(`${protocol}#`) === true) {
      await work.save(stoppedOrder(task, rightConcept(right), work.now));
    }
  }
}
