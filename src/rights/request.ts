import type { Patient, Practitioner, Reference, Task } from '@medplum/fhirtypes';
import { fhirError } from '../model/issue.ts';
import { openTaskStatuses } from '../registry/order.ts';
import { type PatientRight, rightConcept } from '../registry/patient-right.ts';
import { deadline, extendedDeadline } from './deadline.ts';

/** What a patient, or staff for the patient, asks for. */
export interface Asked {
  readonly right: PatientRight;
  readonly patient: Reference;
  readonly requester: Reference<Patient | Practitioner>;
  /** Who is to answer it: the hospital. */
  readonly owner: Task['owner'];
  /** In the patient's own words. */
  readonly words: string | undefined;
  /** What it is about: for a rectification. */
  readonly focus: Reference | undefined;
  /** FHIRPath of the element that is wrong. */
  readonly element: string | undefined;
}

/** A request as it is stored: a Task whose restriction.period ends with the deadline (GDPR, article 12(3)). */
export function newRequest(asked: Asked, now: Date, zone: string): Task {
  const { right, patient, requester, owner, words, focus, element } = asked;
  return {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    code: rightConcept(right),
    ...(words === undefined ? {} : { description: words }),
    ...(focus === undefined ? {} : { focus }),
    for: patient,
    authoredOn: now.toISOString(),
    lastModified: now.toISOString(),
    requester,
    ...(owner === undefined ? {} : { owner }),
    restriction: { period: { start: now.toISOString(), end: deadline(now, zone).toISOString() } },
    ...(element === undefined ? {} : { input: [{ type: { text: 'element' }, valueString: element }] }),
  };
}

/**
 * The request with two further months, and why.
 * @throws FhirError 422 where it has been extended before, or its first month is over: the patient has to be told within it
 */
export function extended(
  task: Task,
  reason: string,
  by: Reference<Patient | Practitioner>,
  now: Date,
  zone: string,
): Task {
  refuseAnswered(task);
  const received = new Date(task.authoredOn ?? '');
  if (task.restriction?.period?.end !== deadline(received, zone).toISOString()) {
    throw fhirError(422, 'business-rule', 'The time of this request has been extended before.');
  }
  if (now > deadline(received, zone)) {
    throw fhirError(
      422,
      'business-rule',
      'The first month is over: the patient has to be told of an extension within it.',
    );
  }
  return {
    ...moved(task, 'in-progress', now),
    restriction: {
      ...task.restriction,
      period: { ...task.restriction?.period, end: extendedDeadline(received, zone).toISOString() },
    },
    note: [...(task.note ?? []), { authorReference: by, time: now.toISOString(), text: reason }],
  };
}

/** The request refused, with the reason that the patient is told. @throws FhirError 422 where it has been answered */
export function refusedRequest(task: Task, reason: string, by: Reference<Patient | Practitioner>, now: Date): Task {
  refuseAnswered(task);
  return {
    ...moved(task, 'rejected', now),
    statusReason: { text: reason },
    note: [...(task.note ?? []), { authorReference: by, time: now.toISOString(), text: reason }],
  };
}

/** The request, done. @param output what came of it */
export function fulfilled(task: Task, now: Date, output?: Reference): Task {
  refuseAnswered(task);
  return {
    ...moved(task, 'completed', now),
    ...(output === undefined ? {} : { output: [{ type: { text: 'result' }, valueReference: output }] }),
  };
}

/** Whether it still waits for its answer. */
export function isOpen({ status }: Task): boolean {
  return openTaskStatuses.includes(status);
}

/** @throws FhirError 422 where a request has been answered */
export function refuseAnswered(task: Task): void {
  if (!isOpen(task)) {
    throw fhirError(422, 'business-rule', 'This request has been answered.');
  }
}

function moved(task: Task, status: Task['status'], now: Date): Task {
  return { ...task, status, lastModified: now.toISOString() };
}
