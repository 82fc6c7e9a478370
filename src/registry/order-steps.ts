import type { CodeableConcept, EpisodeOfCare, Patient, ServiceRequest, Task } from '@medplum/fhirtypes';
import { codeSystem, sdcTaskSystem } from './names.ts';
import { CHANNEL_INPUT, type OrderStatus } from './order.ts';
import { type OrderRefusal, refusalReason } from './order-refusal.ts';
import { isPutOffInput, keptDeadline } from './patient-word.ts';
import type { Offset, Protocol, ProtocolForm } from './protocol.ts';
import { nextTry, plusOffset } from './schedule.ts';

/*
 * The steps of an order (docs/decisions/0061-order-life.md), each a function from the Task before to the Task after.
 * restriction.period.start is when it is dispatched, .end until when the step that follows waits: bots fall due by them.
 */

/**
 * A notice that goes out later than planned by less than this doesn't move the deadline; the daily dispatch may be late,
 * a patient must not lose a day by a server that stood still.
 */
const lateDispatchMsMax = 24 * 3_600_000;

/** How often a patient is tried to be reached by the timetable: daily, as long as one who was reached would have to answer. */
export const triesMax = 7;

/** The order of a form before anything is said of its state (SDC's questionnaire Task). */
export function newOrder(
  protocol: Protocol,
  form: ProtocolForm,
  course: { episode: EpisodeOfCare; patient: Patient; referral: ServiceRequest | undefined },
  identifier: { system: string; value: string },
  now: Date,
): Task {
  const patient = { reference: `Patient/${course.patient.id}` };
  return {
    resourceType: 'Task',
    identifier: [identifier],
    instantiatesUri: `${protocol.url}#${form.id}`,
    basedOn: course.referral === undefined ? undefined : [{ reference: `ServiceRequest/${course.referral.id}` }],
    status: 'draft',
    intent: 'order',
    code: { coding: [{ system: sdcTaskSystem, code: 'complete-questionnaire' }] },
    description: form.title,
    focus: { reference: `EpisodeOfCare/${course.episode.id}` },
    for: patient,
    authoredOn: now.toISOString(),
    owner: patient,
    input: [
      {
        type: { coding: [{ system: sdcTaskSystem, code: 'questionnaire' }] },
        valueCanonical: form.questionnaire,
      },
    ],
  };
}

/** The form is there, and may not be sent to this patient now. */
export function withheldOrder(task: Task, reason: CodeableConcept, now: Date): Task {
  return stepped(unscheduled(task), 'draft', 'withheld', now, reason);
}

/** The patient is a member, and when it is sent is not known yet. */
export function plannedOrder(task: Task, now: Date): Task {
  return stepped(unscheduled(task), 'draft', 'planned', now, undefined);
}

/** To be dispatched at an instant. */
export function orderedOrder(task: Task, form: ProtocolForm, zone: string, at: Date, now: Date): Task {
  const period = { start: at.toISOString(), ...ending(at, form.reminder?.after, zone) };
  return { ...stepped(task, 'requested', 'ordered', now, undefined), restriction: { ...task.restriction, period } };
}

/** A person orders it: it goes at once, by the channel that they chose. @param requester who orders */
export function orderedByHand(
  task: Task,
  form: ProtocolForm,
  zone: string,
  channel: string,
  requester: Task['requester'],
  now: Date,
): Task {
  const { input } = unscheduled(task);
  return orderedOrder(
    {
      ...task,
      ...(requester === undefined ? {} : { requester }),
      input: [...(input ?? []), { type: { text: CHANNEL_INPUT }, valueCode: channel }],
    },
    form,
    zone,
    now,
    now,
  );
}

/** The order after its notice has been sent. */
export function sentOrder(task: Task, form: ProtocolForm, zone: string, now: Date): Task {
  const from = counted(task.restriction?.period?.start, now);
  return until(stepped(task, 'requested', 'sent', now, undefined), ending(from, form.reminder?.after, zone));
}

/** The order after the patient has been reminded. */
export function remindedOrder(task: Task, form: ProtocolForm, zone: string, now: Date): Task {
  const from = counted(task.restriction?.period?.end, now);
  const kept = keptDeadline(task);
  const end = kept === undefined ? ending(from, form.lock?.after, zone) : { end: kept };
  return until(stepped(task, 'requested', 'reminded', now, undefined), end);
}

/**
 * The patient could not be reached. It is tried again at the next time of dispatch, by the secure channels.
 * @param end when the form is locked all the same, its days of paper being over; undefined: never
 * @param again whether there is another try
 */
export function unreachableOrder(
  task: Task,
  { form, protocol }: { readonly form: ProtocolForm; readonly protocol: Protocol },
  {
    reason,
    end,
    again,
  }: { readonly reason: CodeableConcept | undefined; readonly end: Date | undefined; readonly again: boolean },
  now: Date,
): Task {
  const next = nextTry(protocol, form, now);
  const period = {
    ...(again && (end === undefined || next < end) ? { start: next.toISOString() } : {}),
    ...(end === undefined ? {} : { end: end.toISOString() }),
  };
  return {
    ...stepped(unscheduled(task), 'on-hold', 'unreachable', now, reason),
    ...(Object.keys(period).length === 0 ? {} : { restriction: { period } }),
  };
}

/** The reminder could not be carried: staff see why, and the deadline stays. */
export function withReason(task: Task, reason: CodeableConcept | undefined, now: Date): Task {
  return { ...task, statusReason: reason, lastModified: now.toISOString() };
}

/**
 * Staff enter it from paper; the patient is asked no more.
 * @param end the end of the last day; undefined while it is not known (markedAsEarly tells the two apart)
 */
export function paperOrder(task: Task, end: Date | undefined, now: Date): Task {
  const { restriction: _, ...rest } = unscheduled(task);
  return end === undefined
    ? {
        ...stepped(rest, 'in-progress', 'paper', now, undefined),
        input: [...(rest.input ?? []), { type: { text: EARLY_PAPER_INPUT }, valueBoolean: true }],
      }
    : withPaperEnd(stepped(rest, 'in-progress', 'paper', now, undefined), end);
}

/** Task.input.type.text of a paper that was begun before its last day was known. */
const EARLY_PAPER_INPUT = 'last day not known yet';

/** Whether the paper was begun before its last day was known, and has none yet. */
export function awaitsPaperEnd({ input }: Task): boolean {
  return input?.some(({ type }) => type?.text === EARLY_PAPER_INPUT) === true;
}

/** The paper with its last day. */
export function withPaperEnd(task: Task, end: Date): Task {
  return {
    ...task,
    input: task.input?.filter(({ type }) => type?.text !== EARLY_PAPER_INPUT),
    restriction: { period: { end: end.toISOString() } },
  };
}

/** The form is locked without an answer; it counts as locked, with the reason. */
export function expiredOrder(task: Task, reason: CodeableConcept | undefined, now: Date): Task {
  return stepped(task, 'failed', 'expired', now, reason);
}

/** Staff have closed the form unanswered, with a reason: it is locked. */
export function closedOrder(task: Task, reason: CodeableConcept, now: Date): Task {
  return stepped(task, 'cancelled', 'closed', now, reason);
}

/** Nothing more is asked, while the reason holds. */
export function stoppedOrder(task: Task, reason: CodeableConcept | undefined, now: Date): Task {
  return stepped(task, 'cancelled', 'stopped', now, reason);
}

/** The form may not be sent to this patient, and why. The order stays as a trace; another is made once it may. */
export function refusedOrder(task: Task, refusal: OrderRefusal, now: Date): Task {
  return stepped(task, 'rejected', 'refused', now, refusalReason(refusal));
}

/** The form was answered by a response. */
export function answeredOrder(task: Task, responseReference: string, now: Date): Task {
  return {
    ...stepped(task, 'completed', 'answered', now, undefined),
    output: [
      {
        type: { coding: [{ system: sdcTaskSystem, code: 'questionnaire-response' }] },
        valueReference: { reference: responseReference },
      },
    ],
  };
}

function stepped(
  task: Task,
  status: Task['status'],
  state: OrderStatus,
  now: Date,
  reason: CodeableConcept | undefined,
): Task {
  return {
    ...task,
    status,
    statusReason: reason,
    businessStatus: { coding: [{ system: codeSystem.orderStatus, code: state }] },
    lastModified: now.toISOString(),
  };
}

/** Without a timetable, a channel that somebody chose, and a reminder that was put off: all that is of one sending. */
function unscheduled({ restriction: _, ...task }: Task): Task {
  return { ...task, input: task.input?.filter((one) => one.type?.text !== CHANNEL_INPUT && !isPutOffInput(one)) };
}

function until(task: Task, end: { end?: string }): Task {
  const start = task.restriction?.period?.start;
  return {
    ...task,
    restriction: { ...task.restriction, period: { ...(start === undefined ? {} : { start }), ...end } },
  };
}

function ending(from: Date, after: Offset | undefined, zone: string): { end?: string } {
  return after === undefined ? {} : { end: plusOffset(from, after, zone).toISOString() };
}

/** The instant from which a step's deadline counts: when it was due, unless it came more than a day late. */
function counted(due: string | undefined, now: Date): Date {
  const planned = due === undefined ? now : new Date(due);
  return now.getTime() - planned.getTime() > lateDispatchMsMax ? now : planned;
}
