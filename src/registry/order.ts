import type { CodeableConcept, EpisodeOfCare, Task, TaskInput } from '@medplum/fhirtypes';
import { type Evaluate, truth } from './evaluate.ts';
import { codeSystem, identifierSystem, sdcTaskSystem } from './names.ts';
import { endedByRight } from './patient-right.ts';
import type { Protocol, ProtocolForm } from './protocol.ts';

/** Where an order stands: codes of CodeSystem order-status; docs/decisions/0061-order-life.md. */
export type OrderStatus =
  | 'withheld'
  | 'planned'
  | 'ordered'
  | 'sent'
  | 'reminded'
  | 'unreachable'
  | 'paper'
  | 'answered'
  | 'expired'
  | 'closed'
  | 'stopped'
  | 'refused';

/** Task.status of an order that still waits for its answer. Drafts (withheld, planned) ask nobody yet. */
export const openTaskStatuses: readonly Task['status'][] = [
  'requested',
  'received',
  'accepted',
  'ready',
  'in-progress',
  'on-hold',
];

/** Where an order stands. */
export function orderStatus(task: Task): string | undefined {
  return task.businessStatus?.coding?.find(({ system }) => system === codeSystem.orderStatus)?.code;
}

/** Whether the patient may answer it: not what staff enter from paper, nor what waits for its time of dispatch. */
export function awaitsPatient(task: Task): boolean {
  const state = orderStatus(task);
  const isAsked = state !== 'paper' && !(state === 'ordered' && isProtocolOrder(task));
  return openTaskStatuses.includes(task.status) && isAsked;
}

/** Whether it was the patient who ended the order: with Task.status `rejected`, by Task/[id]/$decline. */
export function endedByPatient(task: Task): boolean {
  return task.status === 'rejected' && orderStatus(task) === 'closed';
}

/** Whether the form of an order is locked: nothing of the course changes it any more. */
export function isFinal(task: Task): boolean {
  return ['answered', 'expired', 'closed'].includes(orderStatus(task) ?? '');
}

/** Whether something that a Task was given is of one of SDC's kinds, such as `questionnaire`. */
export function isTaskInput({ type }: TaskInput, kind: string): boolean {
  return type?.coding?.some(({ system, code }) => system === sdcTaskSystem && code === kind) === true;
}

/** Canonical of the form that an order asks for, with its version. */
export function orderedForm({ input }: Task): string | undefined {
  return input?.find((one) => isTaskInput(one, 'questionnaire'))?.valueCanonical;
}

/** The identifier by which an order is made once only: course, form, occurrence (from 1). */
export function orderIdentifier(
  episode: EpisodeOfCare,
  form: Pick<ProtocolForm, 'id'>,
  occurrence: number,
): { system: string; value: string } {
  return { system: identifierSystem.order, value: `${episode.id}/${form.id}/${occurrence}` };
}

/** Whether an order was made by a protocol. */
export function isProtocolOrder({ identifier }: Task): boolean {
  return identifier?.some(({ system }) => system === identifierSystem.order) === true;
}

/** The orders of a form of a protocol, the latest last. @param orders of one course */
export function ordersOf(orders: readonly Task[], protocol: Protocol, form: Pick<ProtocolForm, 'id'>): Task[] {
  return orders
    .filter(({ instantiatesUri }) => instantiatesUri === `${protocol.url}#${form.id}`)
    .sort((left, right) => occurrenceOf(left) - occurrenceOf(right));
}

/** How many times the form had been ordered with this order; 0 where no protocol made it. */
export function occurrenceOf({ identifier }: Task): number {
  const value = identifier?.find(({ system }) => system === identifierSystem.order)?.value;
  const occurrence = Number(value?.split('/').at(-1));
  return Number.isInteger(occurrence) ? occurrence : 0;
}

/** The canonical of the protocol that made an order. */
export function protocolOfOrder({ instantiatesUri }: Task): string | undefined {
  return instantiatesUri?.split('#')[0];
}

/** The channel that a person chose for an order: it went out at their word, not by the timetable. */
export function chosenChannel({ input }: Task): string | undefined {
  return input?.find(({ type }) => type?.text === CHANNEL_INPUT)?.valueCode;
}

/** Task.input.type.text of the channel that a person chose. */
export const CHANNEL_INPUT = 'channel';

/**
 * Whether an order was stopped by what may be over one day: the course had left the registry, the patient was not to be
 * asked, or was dead. Then the form is ordered again.
 */
export function mayComeBack(task: Task, { stops }: Protocol): boolean {
  const codeOf = (concept: CodeableConcept | undefined): string | undefined => concept?.coding?.[0]?.code;
  return (
    orderStatus(task) === 'stopped' &&
    (endedByRight(task) || stops.some(({ reason }) => codeOf(reason) === codeOf(task.statusReason)))
  );
}

/** Why open orders of a course stop, in the registry's words; `reason` is the code that its membership ended with. */
export function stopReason(
  protocol: Protocol,
  reason: string | undefined,
  evaluate: Evaluate,
): CodeableConcept | undefined {
  return protocol.stops.find(({ conditions }) =>
    conditions.every((condition) => truth(evaluate(condition, { reason: reason ?? [] })) === true),
  )?.reason;
}
