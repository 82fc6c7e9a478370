import type { Patient, Task } from '@medplum/fhirtypes';
import { asServer, type Caller } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import { type PatientRight, rightOf } from '../registry/patient-right.ts';
import type { Endpoint } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import { read } from '../store/read.ts';
import { authorized, type RightAct, reachesResource } from './authority.ts';
import { inOneCommit, resourceOf, type Work } from './one-commit.ts';
import { pathId, type RightsParts, returned, words } from './parts.ts';
import { actor, noticeOfAnswer } from './record.ts';
import { zoneFor } from './registry-zone.ts';
import { extended, refusedRequest } from './request.ts';

/** A request, and whose it is. */
export interface Request {
  readonly task: Task;
  readonly right: PatientRight;
  readonly patient: Patient;
}

/** The request that the path names. @throws FhirError 404 where there is none, or it or its patient is out of reach, 403 */
export async function requestOf(db: Queryable, caller: Caller, id: string, act: RightAct): Promise<Request> {
  const stored = await read(db, asServer(caller), 'Task', id);
  const task = stored === undefined || stored.deleted ? undefined : resourceOf<Task>(stored);
  const right = task && rightOf(task);
  const patientId = task?.for?.reference?.match(/^Patient\/([^/]+)$/)?.[1];
  if (stored === undefined || task === undefined || right === undefined || patientId === undefined) {
    throw noRequest();
  }
  const { patient } = await authorized(db, caller, act, patientId);
  if (!(await reachesResource(db, caller, stored))) {
    throw noRequest(); // of a course that another hospital has with the same patient
  }
  return { task, right, patient: resourceOf(patient) };
}

function noRequest(): Error {
  return fhirError(404, 'not-found', 'There is no such request.');
}

/** Task/[id]/$extend-right: two further months, and the patient is told why. */
export function extendRight({ engine, zone }: RightsParts): Endpoint {
  return answering(engine, async (work, task, reason, caller) =>
    extended(task, reason, actor(caller), work.now, await zoneFor(work, task.owner, zone)),
  );
}

/** Task/[id]/$refuse-right: the request is refused, and the patient is told why. */
export function refuseRight({ engine }: RightsParts): Endpoint {
  return answering(engine, async (work, task, reason, caller) => refusedRequest(task, reason, actor(caller), work.now));
}

function answering(
  engine: RightsParts['engine'],
  change: (work: Work, task: Task, reason: string, caller: Caller) => Promise<Task>,
): Endpoint {
  return async (exchange) => {
    const { caller } = exchange;
    const id = pathId(exchange);
    const reason = words(new OperationInput(exchange, ['reason']).text('reason'), 'reason');
    const task = await inOneCommit(engine, asServer(caller), async (work) => {
      const { task, patient } = await requestOf(work.db, caller, id, 'answer');
      const answered = await work.save(await change(work, task, reason, caller));
      await work.save(noticeOfAnswer(patient, { reference: `Task/${id}` }));
      return answered;
    });
    return returned(exchange, task);
  };
}
