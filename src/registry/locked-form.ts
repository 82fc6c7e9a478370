import { deepEquals } from '@medplum/core';
import type { Extension, QuestionnaireResponse, Task, TaskRestriction } from '@medplum/fhirtypes';
import { codeSystem, extensionUrl } from './names.ts';
import { orderStatus } from './order.ts';

/*
 * Locked forms (SmerteReg manual 1.8, "Arbeidsliste" and "Pasientregistreringer"): a form that was completed, and a form of
 * the patient that was closed unanswered, stay as they are, until a local coordinator opens or corrects them.
 */

/** Whether a form is completed: locked. */
export function isLocked({ status }: QuestionnaireResponse): boolean {
  return status === 'completed' || status === 'amended';
}

const LOCKED_ORDERS: readonly (string | undefined)[] = ['answered', 'expired', 'closed'];

/** Whether an order's form is locked: answered, not answered in time, or closed unanswered by staff. */
export function isLockedOrder(order: Task): boolean {
  return LOCKED_ORDERS.includes(orderStatus(order));
}

/**
 * What a write does to a locked form: nothing, `opened` (it is being filled in again), `corrected` (amended, or entered in
 * error), or `unmarked`: it says something else and doesn't say so.
 */
export type ChangeOfLocked = 'unchanged' | 'opened' | 'corrected' | 'unmarked';

/** @param before a locked form @param after its next version */
export function changeOfForm(before: QuestionnaireResponse, after: QuestionnaireResponse): ChangeOfLocked {
  if (deepEquals(said(before), said(after))) return 'unchanged';
  if (after.status === 'in-progress') return 'opened';
  return after.status === 'amended' || after.status === 'entered-in-error' ? 'corrected' : 'unmarked';
}

/**
 * The same of an order whose form is locked. Notes are no part of the form: they may be added. It is opened to be filled in
 * by staff, as on paper, and to nobody else: the patient has been asked.
 *
 * @param before a locked order @param after its next version
 */
export function changeOfOrder(before: Task, after: Task): ChangeOfLocked {
  const bare = ({ note: _, lastModified: __, ...rest }: Task) => said(rest as Task);
  if (deepEquals(bare(before), bare(after))) return 'unchanged';
  if (orderStatus(after) === 'paper' && after.status === 'in-progress') return 'opened';
  return isLockedOrder(after) ? 'corrected' : 'unmarked';
}

function said<R extends QuestionnaireResponse | Task>({ meta: _, ...rest }: R): unknown {
  return rest;
}

/** The order of a form that a coordinator has opened: staff enter it, without a deadline, until it is locked again. */
export function reopenedOrder(order: Task, now: Date): Task {
  return {
    ...order,
    status: 'in-progress',
    statusReason: undefined,
    businessStatus: { coding: [{ system: codeSystem.orderStatus, code: 'paper' }] },
    lastModified: now.toISOString(),
    restriction: withoutEnd(order.restriction),
    output: undefined,
  };
}

function withoutEnd(restriction: TaskRestriction | undefined): TaskRestriction | undefined {
  const start = restriction?.period?.start;
  return start === undefined ? undefined : { ...restriction, period: { start } };
}

/** Why a form was opened or corrected, if whoever did it says so. */
export function changeReason({ extension }: { readonly extension?: Extension[] }): string | undefined {
  return extension?.find(({ url }) => url === extensionUrl.changeReason)?.valueString;
}

/**
 * The orders of a form that still wait for an answer.
 * @param orders of one form and course
 * @param locked the forms that are locked of the same form and course, other than the one that is written
 */
export function awaiting(
  orders: readonly Task[],
  locked: readonly QuestionnaireResponse[],
  openStatuses: readonly Task['status'][],
): readonly Task[] {
  const answers = new Set(
    orders.flatMap(({ output = [] }) => output.map(({ valueReference }) => valueReference?.reference)),
  );
  // whoever has submitted a form has answered its order, although its Task ends a moment later
  const fresh = locked.filter(({ id }) => !answers.has(`QuestionnaireResponse/${id}`));
  return orders.filter(
    (order) =>
      openStatuses.includes(order.status) &&
      !fresh.some(({ meta }) => Date.parse(meta?.lastUpdated ?? '') >= Date.parse(order.authoredOn ?? '')),
  );
}
