import type { CodeableConcept, Task } from '@medplum/fhirtypes';
import { codeSystem } from './names.ts';
import type { Protocol, ProtocolForm } from './protocol.ts';
import { plusOffset, sameTimeOn } from './schedule.ts';
import { parseDate } from './zone.ts';

/**
 * What a patient says of an order instead of answering it (docs/decisions/0075-patients-word-on-an-order.md): codes of
 * CodeSystem patient-word. `declined` does not want to answer, `unable` cannot.
 */
export type PatientWord = 'declined' | 'unable' | 'remind-later';
export type NoAnswer = Exclude<PatientWord, 'remind-later'>;

const DISPLAYS: Readonly<Record<NoAnswer, string>> = {
  declined: 'Pasienten ønsker ikke å svare',
  unable: 'Pasienten kan ikke svare',
};

/** How often a patient may put off one sending of an order. */
export const REMINDERS_MAX = 3;
/** Until when an order may be put off that has no last deadline. */
const PUT_OFF_DAYS_MAX = 30;

/** Task.input.type.text of a time at which the patient wants to be reminded: one for each time that they asked. */
const REMIND_AT_INPUT = 'remind at';
/** Task.input.type.text of the last deadline, which stays where it is when the reminder moves. */
const LAST_DEADLINE_INPUT = 'last deadline';
const PUT_OFF_INPUTS = [REMIND_AT_INPUT, LAST_DEADLINE_INPUT];

/** The order that the patient does not answer; it is locked. The registry's own reason comes first, where it has one. */
export function unansweredOrder(
  task: Task,
  word: NoAnswer,
  protocol: Pick<Protocol, 'noAnswers'> | undefined,
  now: Date,
): Task {
  const own = { system: codeSystem.patientWord, code: word, display: DISPLAYS[word] };
  const reason: CodeableConcept = {
    coding: [...(protocol?.noAnswers[word]?.coding ?? []), own],
    text: DISPLAYS[word],
  };
  return {
    ...task,
    status: 'rejected',
    statusReason: reason,
    businessStatus: { coding: [{ system: codeSystem.orderStatus, code: 'closed' }] },
    lastModified: now.toISOString(),
  };
}

/** The order to be reminded of at a time that the patient chose; its last deadline stays. */
export function putOffOrder(task: Task, form: ProtocolForm, zone: string, at: Date, now: Date): Task {
  const start = task.restriction?.period?.start;
  const last = lastDeadline(task, form, zone);
  const kept = (task.input ?? []).filter(({ type }) => type?.text !== LAST_DEADLINE_INPUT);
  return {
    ...task,
    businessStatus: { coding: [{ system: codeSystem.orderStatus, code: 'sent' }] },
    statusReason: undefined,
    lastModified: now.toISOString(),
    input: [
      ...kept,
      { type: { text: REMIND_AT_INPUT }, valueDateTime: at.toISOString() },
      ...(last === undefined ? [] : [{ type: { text: LAST_DEADLINE_INPUT }, valueDateTime: last.toISOString() }]),
    ],
    restriction: { ...task.restriction, period: { ...(start && { start }), end: at.toISOString() } },
  };
}

/** How often the patient has put the order off. */
export function timesPutOff({ input = [] }: Task): number {
  return input.filter(({ type }) => type?.text === REMIND_AT_INPUT).length;
}

/** The deadline that stays when the reminder is moved; undefined where the order was not put off, or has none. */
export function keptDeadline({ input = [] }: Task): string | undefined {
  return input.find(({ type }) => type?.text === LAST_DEADLINE_INPUT)?.valueDateTime;
}

/** Until when a sent order can be answered at last; undefined: it is never locked. */
export function lastDeadline(task: Task, { reminder, lock }: ProtocolForm, zone: string): Date | undefined {
  const kept = keptDeadline(task);
  const end = task.restriction?.period?.end;
  if (kept !== undefined) return new Date(kept);
  if (end === undefined || lock === undefined) return undefined;
  const isReminded = task.businessStatus?.coding?.some(({ code }) => code === 'reminded') === true;
  return isReminded || reminder === undefined ? new Date(end) : plusOffset(new Date(end), lock.after, zone);
}

/** Until when the reminder may be put off, not included. */
export function latestReminder(task: Task, form: ProtocolForm, zone: string, now: Date): Date {
  return lastDeadline(task, form, zone) ?? plusOffset(now, { value: PUT_OFF_DAYS_MAX, unit: 'd' }, zone);
}

/** When a patient is reminded who says so: a day is meant at the time at which the registry sends. Undefined: no time. */
export function reminderTime(text: string, protocol: Protocol, form: ProtocolForm): Date | undefined {
  const day = parseDate(text);
  if (day !== undefined) return sameTimeOn(day, protocol, form);
  const at = /^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? new Date(text) : undefined;
  return at === undefined || Number.isNaN(at.getTime()) ? undefined : at;
}

/** What the order was given when it was put off is for one sending. */
export function isPutOffInput({ type }: NonNullable<Task['input']>[number]): boolean {
  return PUT_OFF_INPUTS.includes(type?.text ?? '');
}
