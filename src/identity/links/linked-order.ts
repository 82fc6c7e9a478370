import type { Task } from '@medplum/fhirtypes';
import { awaitsPatient, isTaskInput, orderStatus } from '../../registry/order.ts';
import type { Strength } from '../identity.ts';
import { idIn, type StoredResources } from '../stored.ts';
import { demandedStrength, STRENGTHS } from './demanded-strength.ts';
import type { LinkStrength } from './required-strength.ts';

/** Where somebody who came by a link and has signed in goes on. */
export const ORDER_PATH = '/order';

/** An order that a personal link leads to. */
export interface LinkedOrder {
  /** The id of the Task. */
  readonly id: string;
  /** `Patient/x`, whose answer is asked for. */
  readonly patient: string;
  readonly state: OrderState;
  /** How sure it has to be who opens it. */
  readonly strength: LinkStrength;
}

/** `answered` by this patient; `ended` stopped, expired, refused or declined. */
export type OrderState = 'open' | 'answered' | 'ended';

export interface LinkedOrderParts {
  readonly stored: StoredResources;
  /** The time that orders live by, a test clock's too. */
  readonly orderTime: () => Promise<Date>;
  readonly production: boolean;
}

/** The order as it stands now; undefined where there is none that a patient could answer. */
export async function readLinkedOrder(id: string, parts: LinkedOrderParts): Promise<LinkedOrder | undefined> {
  const task = (await parts.stored.read<Task>('Task', id))?.resource;
  const patient = idIn(task?.for?.reference, 'Patient');
  if (task === undefined || patient === undefined || !isOrder(task)) return undefined;
  return {
    id,
    patient: `Patient/${patient}`,
    state: orderState(task, await parts.orderTime()),
    strength: await demandedStrength(task, parts),
  };
}

/** Whether an order can still be answered. @param now the time that orders live by */
export function orderState(task: Task, now: Date): OrderState {
  if (task.status === 'completed') return 'answered';
  if (!awaitsPatient(task)) return 'ended';
  const end = task.restriction?.period?.end;
  // the first deadline is the day of the reminder, which moves it; the order ends at the one after it
  const isLast = !['ordered', 'sent'].includes(orderStatus(task) ?? '');
  return isLast && end !== undefined && Date.parse(end) <= now.getTime() ? 'ended' : 'open';
}

/** Whether somebody may open the order: the patient who is asked, as surely as the registry demands. */
export function mayOpen(
  order: LinkedOrder,
  who: { readonly fhirUser?: string | undefined; readonly strength: Strength; readonly order?: string | undefined },
): boolean {
  const isThis = who.order === undefined || who.order === order.id;
  return (
    order.state === 'open' &&
    who.fhirUser === order.patient &&
    isThis &&
    STRENGTHS[who.strength] >= STRENGTHS[order.strength]
  );
}

function isOrder(task: Task): boolean {
  return task.intent === 'order' && task.input?.some((input) => isTaskInput(input, 'questionnaire')) === true;
}
