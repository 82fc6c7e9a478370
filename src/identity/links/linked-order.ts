import type { PlanDefinition, Task } from '@medplum/fhirtypes';
import { awaitsPatient, isTaskInput, orderStatus } from '../../registry/order.ts';
import { bare } from '../../registry/protocol.ts';
import type { Strength } from '../identity.ts';
import { idIn, type StoredResources } from '../stored.ts';
import { type LinkStrength, requiredStrength } from './required-strength.ts';

/** Where somebody who came by a link and has signed in goes on. */
export const ORDER_PATH = '/order';

/** An order that a personal link leads to. */
export interface LinkedOrder {
  /** The id of the Task. */
  readonly id: string;
  /** `Patient/x`, whose answer is asked for. */
  readonly patient: string;
  /** What the form is called. */
  readonly title: string | undefined;
  /** Instant until which it can be answered, where there is one. */
  readonly until: string | undefined;
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
    title: task.description,
    until: task.restriction?.period?.end,
    state: orderState(task, await parts.orderTime()),
    strength: await strengthOf(task, parts),
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

/** Systems have strengths of their own, and are no patients. */
const STRENGTHS: Readonly<Record<Strength, number>> = {
  key: 0,
  secret: 0,
  link: 1,
  password: 2,
  'two-factor': 3,
  federated: 4,
};

function isOrder(task: Task): boolean {
  return task.intent === 'order' && task.input?.some((input) => isTaskInput(input, 'questionnaire')) === true;
}

/** What the protocol that an order came from asks for: Task.instantiatesUri is its url, and the form's id in it. */
async function strengthOf(task: Task, { stored, production }: LinkedOrderParts): Promise<LinkStrength> {
  const url = bare(task.instantiatesUri?.split('#')[0] ?? '');
  const found =
    url === '' ? [] : await stored.search<PlanDefinition>('PlanDefinition', ['url', url.replace(/[\\,|$]/g, '\\$&')]);
  const protocols = found.map(({ resource }) => resource).filter(({ status }) => status === 'active');
  const asked = (protocols.length > 0 ? protocols : [undefined]).map((one) => requiredStrength(one, production));
  return asked.reduce((strictest, one) => (STRENGTHS[one] > STRENGTHS[strictest] ? one : strictest));
}
