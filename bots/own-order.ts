import type { BotEvent, MedplumClient } from '@medplum/core';
import type { QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { awaitsPatient, isTaskInput, openTaskStatuses } from '../src/registry/order.ts';
import { criteria } from './course/read-course.ts';
import { refuse } from './course/refuse.ts';
import { role } from './course/role.ts';

/**
 * A patient answers what was ordered from them, once, while it is open: not forms of clinicians, nor a form that nobody
 * asked for. Whoever has submitted a form has answered its order, although its Task ends a moment later.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  if (role(event) !== 'patient') return;
  const response = event.input as QuestionnaireResponse;
  const patient = response.subject?.reference ?? '';
  const tasks: Task[] = await medplum.searchResources(
    'Task',
    criteria(['patient', patient], ['status', openTaskStatuses.join(',')]),
  );
  const orders = tasks.filter((task) => awaitsPatient(task) && asksFor(task, response));
  if (orders.length === 0) {
    refuse('There is no open order of this form.', 'QuestionnaireResponse.questionnaire');
  }
  const others: QuestionnaireResponse[] = await medplum.searchResources(
    'QuestionnaireResponse',
    criteria(['patient', patient], ['questionnaire', formOf(response)], ['status', 'completed,amended']),
  );
  const answers = others.filter((other) => other.id !== response.id && sameReferrals(other, response));
  const isOpen = (order: Task): boolean =>
    !answers.some(({ meta }) => Date.parse(meta?.lastUpdated ?? '') >= Date.parse(order.authoredOn ?? ''));
  if (!orders.some(isOpen)) {
    refuse('This order has been answered.', 'QuestionnaireResponse.questionnaire');
  }
}

function asksFor(task: Task, response: QuestionnaireResponse): boolean {
  const form = task.input?.find((input) => isTaskInput(input, 'questionnaire'))?.valueCanonical?.split('|')[0];
  return form !== undefined && form === formOf(response) && sameReferrals(task, response);
}

function formOf({ questionnaire }: QuestionnaireResponse): string {
  return questionnaire?.split('|')[0] ?? '';
}

type BasedOn = Pick<Task | QuestionnaireResponse, 'basedOn'>;

function sameReferrals(a: BasedOn, b: BasedOn): boolean {
  const references = ({ basedOn = [] }: BasedOn) => JSON.stringify(basedOn.map(({ reference }) => reference).sort());
  return references(a) === references(b);
}
