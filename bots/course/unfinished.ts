import type { MedplumClient } from '@medplum/core';
import type { QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { orderedForm } from '../../src/registry/order.ts';
import { bare } from '../../src/registry/protocol.ts';
import { criteria } from './read-course.ts';
import { save } from './save.ts';

/**
 * Stops the answers to an order's form that were begun: they are kept, and count no more.
 * @param but id of one that goes on
 */
export async function stopUnfinished(medplum: MedplumClient, task: Task, but?: string): Promise<void> {
  const referral = task.basedOn?.[0]?.reference;
  const form = orderedForm(task);
  if (referral === undefined || form === undefined) return;
  const begun: QuestionnaireResponse[] = await medplum.searchResources(
    'QuestionnaireResponse',
    criteria(['based-on', referral], ['questionnaire', bare(form)], ['status', 'in-progress']),
  );
  for (const response of begun.filter(({ id }) => id !== but)) {
    await save(medplum, { ...response, status: 'stopped' });
  }
}
