import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Consent, Resource, Task } from '@medplum/fhirtypes';
import { now } from '../src/registry/event-time.ts';
import { coursesConcerned, coursesOfPatient } from './course/courses-concerned.ts';
import type { Occasion } from './course/occasion.ts';
import { isProduction } from './course/order-refusal.ts';
import { refuse } from './course/refuse.ts';
import { isBound, mayWithdraw, role } from './course/role.ts';
import { settleCourse } from './course/settle-course.ts';

/**
 * Enforces, in the commit of the write that causes it, that every course stands in the registry where it belongs: the
 * consent derived from the forms, one open membership, the orders of the patient's forms, the course's registration. A
 * consent that is withdrawn ends the memberships of all the patient's courses.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const cause = event.input as Resource;
  if (cause.resourceType === 'Task' && (await isGone(medplum, cause))) return;
  const { episodes, previous } = await coursesConcerned(medplum, cause);
  const occasion: Occasion = {
    cause,
    previous,
    now: now(event),
    production: isProduction(event),
    bound: isBound(event),
    mayWithdraw: mayWithdraw(event),
    isPatient: role(event) === 'patient',
  };
  if (cause.resourceType === 'Task' && occasion.bound) {
    refuse('The registration of a course follows from the course; nobody writes it.', 'Task.code');
  }
  let withdrawal: Consent | undefined;
  for (const episode of episodes) {
    withdrawal = (await settleCourse(medplum, episode, { ...occasion, withdrawal })) ?? withdrawal;
  }
  if (withdrawal === undefined || cause.resourceType === 'Consent') return;
  for (const other of await coursesOfPatient(medplum, withdrawal.patient?.reference)) {
    if (episodes.every(({ id }) => id !== other.id)) await settleCourse(medplum, other, { ...occasion, withdrawal });
  }
}

/** A registration goes with its course. */
async function isGone(medplum: MedplumClient, { id = '' }: Task): Promise<boolean> {
  return (await medplum.searchOne('Task', new URLSearchParams({ _id: id }).toString())) === undefined;
}
