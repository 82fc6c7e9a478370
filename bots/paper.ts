import type { BotEvent, MedplumClient } from '@medplum/core';
import type { QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { now } from '../src/registry/event-time.ts';
import { identifierSystem } from '../src/registry/names.ts';
import { occurrenceOf, orderedForm, orderStatus } from '../src/registry/order.ts';
import { paperOrder } from '../src/registry/order-steps.ts';
import { bare } from '../src/registry/protocol.ts';
import { orderTimes } from './course/order-facts.ts';
import { criteria } from './course/read-course.ts';
import { readOrder } from './course/read-order.ts';
import { refuse } from './course/refuse.ts';
import { isBound, role } from './course/role.ts';
import { save } from './course/save.ts';
import { stopUnfinished } from './course/unfinished.ts';

/**
 * What staff enter of a patient's form is from paper (SmerteReg manual 1.8, "Utfylling på papir"): only forms that are for
 * paper, only of a patient who may be asked, and only until the last day is over. With the first word of it the patient is
 * asked no more, and what they had begun is stopped. What the joint ePROM service brings is no paper. Locked forms are judged by locked-form.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const response = event.input as QuestionnaireResponse;
  if (!isBound(event) || role(event) === 'patient') return;
  if (response.status !== 'in-progress' && response.status !== 'completed') return;
  const task = await latestOrder(medplum, response);
  const order =
    task &&
    (await readOrder(medplum, task, [
      ...(['withheld', 'planned', 'ordered', 'sent', 'reminded'] as const),
      ...(['unreachable', 'paper', 'stopped', 'refused'] as const),
    ]));
  if (order === undefined) return;
  const state = orderStatus(order.task);
  const at = now(event);
  if (state === 'withheld' || state === 'stopped') {
    refuse('The patient may not be asked: the reason stands in the order of the form.', FORM);
  }
  if (isFromService(event, response) && SENT.includes(state ?? '')) return;
  if (state === 'paper') {
    if (isOver(order.task.restriction?.period?.end, at)) refuse(OVER, FORM);
    return;
  }
  if (order.form.paper === undefined) {
    refuse('This form is for the patient alone: it is not entered from paper.', FORM);
  }
  const { paperEnd: end } = await orderTimes(medplum, order, at);
  if (isOver(end?.toISOString(), at)) refuse(OVER, FORM);
  await stopUnfinished(medplum, order.task, response.id);
  await save(medplum, paperOrder(order.task, end, at));
}

const FORM = 'QuestionnaireResponse.questionnaire';
const OVER = 'The days within which this form may be entered from paper are over.';

/** Where the patient has been asked, or was to be. */
const SENT: readonly string[] = ['sent', 'reminded', 'unreachable'];

/** What the patient answered at a joint service that the order went through: its system tells so, and nobody has typed it. */
function isFromService(event: BotEvent, { identifier }: QuestionnaireResponse): boolean {
  return role(event) === 'ehr' && identifier?.system === identifierSystem.epromOrder;
}

function isOver(end: string | undefined, now: Date): boolean {
  return end !== undefined && Date.parse(end) <= now.getTime();
}

async function latestOrder(medplum: MedplumClient, response: QuestionnaireResponse): Promise<Task | undefined> {
  const referral = response.basedOn?.find(({ reference }) => reference?.startsWith('ServiceRequest/'))?.reference;
  const form = bare(response.questionnaire ?? '');
  if (referral === undefined) return undefined;
  const tasks: Task[] = await medplum.searchResources('Task', criteria(['based-on', referral]));
  return tasks
    .filter((task) => bare(orderedForm(task) ?? '') === form && occurrenceOf(task) > 0)
    .sort((left, right) => occurrenceOf(left) - occurrenceOf(right))
    .at(-1);
}
