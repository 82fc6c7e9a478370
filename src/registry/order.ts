import type {
  CodeableConcept,
  Communication,
  EpisodeOfCare,
  Patient,
  ResearchSubject,
  ServiceRequest,
  Task,
  TaskInput,
} from '@medplum/fhirtypes';
import { type Evaluate, truth } from './evaluate.ts';
import { codeSystem, identifierSystem, sdcTaskSystem } from './names.ts';
import { type OrderRefusal, refusalReason } from './order-refusal.ts';
import type { Protocol, ProtocolForm } from './protocol.ts';
import { type PlannedOrder, plusOffset } from './schedule.ts';

export type OrderStatus = 'ordered' | 'sent' | 'reminded' | 'answered' | 'expired' | 'stopped' | 'refused';

/** Task.status of an order that still waits for its answer. */
export const openTaskStatuses: readonly Task['status'][] = [
  'requested',
  'received',
  'accepted',
  'ready',
  'in-progress',
  'on-hold',
];

/**
 * A notice that goes out later than planned by less than this doesn't move the deadline; the daily dispatch may be late,
 * a patient must not lose a day by a server that stood still.
 */
const lateDispatchMsMax = 24 * 3_600_000;

function businessStatus(code: OrderStatus): CodeableConcept {
  return { coding: [{ system: codeSystem.orderStatus, code }] };
}

/** Where an order stands. */
export function orderStatus(task: Task): string | undefined {
  return task.businessStatus?.coding?.find(({ system }) => system === codeSystem.orderStatus)?.code;
}

/** Whether something that a Task was given is of one of SDC's kinds, such as `questionnaire`. */
export function isTaskInput({ type }: TaskInput, kind: string): boolean {
  return type?.coding?.some(({ system, code }) => system === sdcTaskSystem && code === kind) === true;
}

/** The identifier by which an order is made once only: course, form, occurrence (from 1). */
export function orderIdentifier(
  episode: EpisodeOfCare,
  form: ProtocolForm,
  occurrence: number,
): { system: string; value: string } {
  return { system: identifierSystem.order, value: `${episode.id}/${form.id}/${occurrence}` };
}

/**
 * Whether an order was stopped because the course had left the registry, before it came back with this membership: then
 * the form may be ordered again. What a clinician stops has another reason, and stays stopped.
 */
export function stoppedByLeaving(task: Task, { stops }: Protocol, membership: ResearchSubject): boolean {
  const codeOf = (concept: CodeableConcept | undefined): string | undefined => concept?.coding?.[0]?.code;
  return (
    orderStatus(task) === 'stopped' &&
    stops.some(({ reason }) => codeOf(reason) === codeOf(task.statusReason)) &&
    Date.parse(task.lastModified ?? '') <= Date.parse(membership.period?.start ?? '')
  );
}

/** The order of a form, not yet dispatched (SDC's questionnaire Task). Its restriction.period runs from dispatch to deadline. */
export function newOrder(
  protocol: Protocol,
  { form, at }: PlannedOrder,
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
    status: 'requested',
    businessStatus: businessStatus('ordered'),
    intent: 'order',
    code: { coding: [{ system: sdcTaskSystem, code: 'complete-questionnaire' }] },
    description: form.title,
    focus: { reference: `EpisodeOfCare/${course.episode.id}` },
    for: patient,
    authoredOn: now.toISOString(),
    lastModified: now.toISOString(),
    owner: patient,
    restriction: { period: { start: at.toISOString(), end: deadline(at, form.reminder?.after, protocol.zone) } },
    input: [
      {
        type: { coding: [{ system: sdcTaskSystem, code: 'questionnaire' }] },
        valueCanonical: form.questionnaire,
      },
    ],
  };
}

function deadline(from: Date, after: ProtocolForm['offset'] | undefined, zone: string): string | undefined {
  return after === undefined ? undefined : plusOffset(from, after, zone).toISOString();
}

/** The instant from which a step's deadline counts: when it was due, unless it came more than a day late. */
function counted(due: string | undefined, now: Date): Date {
  const planned = due === undefined ? now : new Date(due);
  return now.getTime() - planned.getTime() > lateDispatchMsMax ? now : planned;
}

/** The order after its notice has been sent. */
export function sentOrder(task: Task, form: ProtocolForm, zone: string, now: Date): Task {
  const from = counted(task.restriction?.period?.start, now);
  return moved(task, 'sent', deadline(from, form.reminder?.after, zone), now);
}

/** The order after the patient has been reminded. */
export function remindedOrder(task: Task, form: ProtocolForm, zone: string, now: Date): Task {
  const from = counted(task.restriction?.period?.end, now);
  return moved(task, 'reminded', deadline(from, form.lock?.after, zone), now);
}

function moved(task: Task, status: OrderStatus, end: string | undefined, now: Date): Task {
  return {
    ...task,
    businessStatus: businessStatus(status),
    lastModified: now.toISOString(),
    restriction: { ...task.restriction, period: { ...task.restriction?.period, end } },
  };
}

/** The form is locked without an answer; it counts as locked, with the reason. */
export function expiredOrder(task: Task, form: ProtocolForm, now: Date): Task {
  return ended(task, 'failed', 'expired', now, form.lock?.reason);
}

/** Nothing more is asked. */
export function stoppedOrder(task: Task, reason: CodeableConcept | undefined, now: Date): Task {
  return ended(task, 'cancelled', 'stopped', now, reason);
}

/** The form may not be sent to this patient, and why. The order stays as a trace; another is made once it may. */
export function refusedOrder(task: Task, refusal: OrderRefusal, now: Date): Task {
  return ended(task, 'rejected', 'refused', now, refusalReason(refusal));
}

/** The form was answered by a response. */
export function answeredOrder(task: Task, responseReference: string, now: Date): Task {
  return {
    ...ended(task, 'completed', 'answered', now, undefined),
    output: [
      {
        type: { coding: [{ system: sdcTaskSystem, code: 'questionnaire-response' }] },
        valueReference: { reference: responseReference },
      },
    ],
  };
}

function ended(
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
    businessStatus: businessStatus(state),
    lastModified: now.toISOString(),
  };
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

/**
 * The notice of an order, or its reminder. `in-progress` until the delivery room has carried it to the patient. It says
 * that there is a form, never which: it may show on a locked screen.
 */
export function notice(task: Task, kind: 'notice' | 'reminder', text: string, now: Date): Communication {
  const patient = { reference: task.for?.reference };
  const order = task.identifier?.find(({ system }) => system === identifierSystem.order)?.value ?? task.id;
  return {
    resourceType: 'Communication',
    identifier: [{ system: identifierSystem.notice, value: `${order}/${kind}` }],
    basedOn: [{ reference: `Task/${task.id}` }],
    status: 'in-progress',
    category: [{ coding: [{ system: codeSystem.noticeKind, code: kind }] }],
    subject: patient,
    recipient: [patient],
    sent: now.toISOString(),
    payload: [{ contentString: text }],
  };
}
