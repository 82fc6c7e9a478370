import type { MedplumClient } from '@medplum/core';
import type { QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { awaiting } from '../../src/registry/locked-form.ts';
import { openTaskStatuses, orderedForm } from '../../src/registry/order.ts';
import { bare } from '../../src/registry/protocol.ts';
import { criteria } from './read-course.ts';

/**
 * Whether an order that is still open has been answered: the bot that ends it may be late, or have failed. Nobody is
 * reminded of what they have answered, nor is it locked as unanswered.
 */
export async function isAnswered(medplum: MedplumClient, task: Task): Promise<boolean> {
  const referral = task.basedOn?.[0]?.reference;
  const form = orderedForm(task);
  if (referral === undefined || form === undefined) return false;
  const locked: QuestionnaireResponse[] = await medplum.searchResources(
    'QuestionnaireResponse',
    criteria(['based-on', referral], ['questionnaire', bare(form)], ['status', 'completed,amended']),
  );
  return awaiting([task], locked, openTaskStatuses).length === 0;
}
