import type { MedplumClient } from '@medplum/core';
import type { EpisodeOfCare, Task } from '@medplum/fhirtypes';
import type { CourseState } from '../../src/registry/course-state.ts';
import { openTaskStatuses, stoppedOrder, stopReason } from '../../src/registry/order.ts';
import { evaluate } from './evaluate.ts';
import type { Occasion } from './occasion.ts';
import { criteria } from './read-course.ts';
import { save } from './save.ts';

/** Stops the open orders of a registry that a course has left. */
export async function settlePatientForms(
  medplum: MedplumClient,
  { registry: { protocol }, course, decision, membership, before }: CourseState,
  { now }: Occasion,
): Promise<void> {
  const left = before.some(({ status }) => status === 'on-study') && membership?.status !== 'on-study';
  if (!left) return;
  const tasks = await medplum.searchResources(
    'Task',
    criteria(['patient', `Patient/${course.patient.id}`], ['status', openTaskStatuses.join(',')]),
  );
  const reason = stopReason(protocol, decision?.reason?.code, evaluate);
  for (const task of tasks.filter((candidate) => isOrderOf(candidate, protocol.url, course.episode))) {
    await save(medplum, stoppedOrder(task, reason, now));
  }
}

function isOrderOf(task: Task, protocolUrl: string, episode: EpisodeOfCare): boolean {
  return (
    task.focus?.reference === `EpisodeOfCare/${episode.id}` &&
    task.instantiatesUri?.startsWith(`${protocolUrl}#`) === true
  );
}
