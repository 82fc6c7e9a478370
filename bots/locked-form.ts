import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Provenance, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { now } from '../src/registry/event-time.ts';
import {
  awaiting,
  changeOfForm,
  changeOfOrder,
  isLocked,
  isLockedOrder,
  reopenedOrder,
} from '../src/registry/locked-form.ts';
import { codeSystem } from '../src/registry/names.ts';
import { isTaskInput, openTaskStatuses, orderStatus } from '../src/registry/order.ts';
import { bare } from '../src/registry/protocol.ts';
import { lastVersions } from './course/last-versions.ts';
import { criteria } from './course/read-course.ts';
import { refuse } from './course/refuse.ts';
import { isBound, role } from './course/role.ts';
import { save } from './course/save.ts';
import { tellOfChange } from './course/tell-of-change.ts';

/**
 * A locked form stays as it is until a local coordinator opens or corrects it, and each time a Provenance tells of it
 * (SmerteReg manual 1.8, "Arbeidsliste": "Endringer i låste skjema kan kun gjøres av brukere med LC-tilgang"). A form that
 * was closed unanswered takes no answer any more. What nobody asks for (bots, loads) is not looked at.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  if (role(event) === undefined) return;
  const written = event.input as QuestionnaireResponse | Task;
  if (written.resourceType === 'Task') await judgeOrder(medplum, event, written);
  else await judgeForm(medplum, event, written);
}

async function judgeForm(medplum: MedplumClient, event: BotEvent, written: QuestionnaireResponse): Promise<void> {
  const [after = written, before] = await lastVersions(medplum, written);
  if (before === undefined || !isLocked(before)) {
    await refuseLocked(medplum, event, after);
    if (before !== undefined && isLocked(after) && (await wasOpened(medplum, after))) {
      await tellOfChange(medplum, event, 'corrected', after, before);
    }
    return;
  }
  const change = changeOfForm(before, after);
  if (change === 'unmarked') {
    refuse('A locked form that is corrected gets status amended.', 'QuestionnaireResponse.status');
  }
  if (change === 'opened' && isBound(event) && role(event) !== 'lc') {
    refuse('Only the local coordinator opens a locked form.', 'QuestionnaireResponse.status');
  }
  if (change === 'unchanged') return;
  await tellOfChange(medplum, event, change, after, before);
  if (change === 'opened') await reopenOrders(medplum, event, after);
}

/** Whether a form was locked before: then locking it again ends a correction. */
async function wasOpened(medplum: MedplumClient, { id }: QuestionnaireResponse): Promise<boolean> {
  const told: Provenance[] = await medplum.searchResources(
    'Provenance',
    criteria(['target', `QuestionnaireResponse/${id}`]),
  );
  return told.some(({ activity }) =>
    activity?.coding?.some(({ system, code }) => system === codeSystem.lockedFormChange && code === 'opened'),
  );
}

/** A second answer would stand for the locked one; a form that was closed unanswered has none. */
async function refuseLocked(medplum: MedplumClient, event: BotEvent, written: QuestionnaireResponse): Promise<void> {
  const referrals = referralsOf(written);
  if (!isBound(event) || referrals.length === 0 || !['in-progress', 'completed', 'amended'].includes(written.status)) {
    return;
  }
  const based = ['based-on', referrals.join(',')] as const;
  const form = bare(written.questionnaire ?? '');
  const locked: QuestionnaireResponse[] = await medplum.searchResources(
    'QuestionnaireResponse',
    criteria(based, ['questionnaire', form], ['status', 'completed,amended']),
  );
  const others = locked.filter(({ id }) => id !== written.id);
  const orders = await ordersOf(medplum, based, form);
  // what staff enter, as on paper, the patient does not answer
  const mayAnswer = orders.filter((order) => role(event) !== 'patient' || orderStatus(order) !== 'paper');
  if (awaiting(mayAnswer, others, openTaskStatuses).length > 0) return;
  if (others.length > 0) {
    refuse('This form is locked. The local coordinator can open or correct it.', 'QuestionnaireResponse');
  }
  if (mayAnswer.length < orders.length) refuse('This form is entered by staff.', 'QuestionnaireResponse');
  if (orders.some(isLockedOrder)) {
    refuse('This form was closed unanswered. The local coordinator can open its order.', 'QuestionnaireResponse');
  }
}

/** What the patient had answered is entered by staff from now on. */
async function reopenOrders(medplum: MedplumClient, event: BotEvent, opened: QuestionnaireResponse): Promise<void> {
  const referrals = referralsOf(opened);
  if (referrals.length === 0) return;
  const orders = await ordersOf(medplum, ['based-on', referrals.join(',')], bare(opened.questionnaire ?? ''));
  const own = `QuestionnaireResponse/${opened.id}`;
  for (const order of orders.filter(({ output = [] }) => output.some((one) => one.valueReference?.reference === own))) {
    await save(medplum, reopenedOrder(order, now(event)));
  }
}

async function judgeOrder(medplum: MedplumClient, event: BotEvent, written: Task): Promise<void> {
  const [after = written, before] = await lastVersions(medplum, written);
  if (before === undefined || !isLockedOrder(before)) return;
  const change = changeOfOrder(before, after);
  if (change === 'unchanged') return;
  if (isBound(event) && role(event) !== 'lc') {
    refuse('The form of this order is locked. The local coordinator can open it.', 'Task');
  }
  if (change === 'unmarked') {
    refuse(
      'An order whose form is locked is opened for staff: status in-progress, business status paper.',
      'Task.status',
    );
  }
  const end = after.restriction?.period?.end;
  if (change === 'opened' && end !== undefined && Date.parse(end) <= now(event).getTime()) {
    refuse('The last day of an order that is opened lies ahead, or is left out.', 'Task.restriction.period.end');
  }
  await tellOfChange(medplum, event, change, after, before);
}

async function ordersOf(
  medplum: MedplumClient,
  based: readonly [string, string],
  form: string,
): Promise<readonly Task[]> {
  const tasks: Task[] = await medplum.searchResources('Task', criteria(based));
  return tasks.filter(({ input }) =>
    input?.some((one) => isTaskInput(one, 'questionnaire') && bare(one.valueCanonical ?? '') === form),
  );
}

function referralsOf({ basedOn = [] }: QuestionnaireResponse): string[] {
  return basedOn.flatMap(({ reference }) => (reference?.startsWith('ServiceRequest/') === true ? [reference] : []));
}
