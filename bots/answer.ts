import type { BotEvent, MedplumClient } from '@medplum/core';
import type { QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { now } from '../src/registry/event-time.ts';
import { openTaskStatuses } from '../src/registry/order.ts';
import { answeredOrder } from '../src/registry/order-steps.ts';
import { bare } from '../src/registry/protocol.ts';
import { criteria } from './course/read-course.ts';
import { save } from './course/save.ts';

/**
 * Ends the order that a completed response answers. An order that was stopped or has expired stays as it is. A response that
 * names no referral answers what was ordered without one, as other registry systems do: it is no form of a course.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const response = event.input as QuestionnaireResponse;
  const form = bare(response.questionnaire ?? '');
  const basis = response.basedOn?.[0]?.reference;
  const patient = response.subject?.reference;
  if (form === '' || (response.status !== 'completed' && response.status !== 'amended')) return;
  if (basis === undefined && patient === undefined) return;
  const tasks = await medplum.searchResources(
    'Task',
    criteria(basis === undefined ? ['patient', patient ?? ''] : ['based-on', basis], [
      'status',
      ['draft', ...openTaskStatuses].join(','),
    ]),
  );
  const ofBasis = tasks.filter(({ basedOn = [] }) => basis !== undefined || basedOn.length === 0);
  for (const task of ofBasis.filter((candidate) => asksFor(candidate, form))) {
    await save(medplum, answeredOrder(task, `QuestionnaireResponse/${response.id}`, now(event)));
  }
}

function asksFor(task: Task, form: string): boolean {
  return (task.input ?? []).some(({ valueCanonical }) => bare(valueCanonical ?? '') === form);
}
