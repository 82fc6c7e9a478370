import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Resource } from '@medplum/fhirtypes';
import { now } from './course/now.ts';
import { coursesConcerned } from './course/read-course.ts';
import { mayWithdraw } from './course/role.ts';
import { settleCourse } from './course/settle-course.ts';

/**
 * Enforces, in the commit of the write that causes it, that every course stands in the registry where it belongs: the
 * consent derived from the forms, one open membership, the orders of the patient's forms.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const cause = event.input as Resource;
  for (const episode of await coursesConcerned(medplum, cause)) {
    await settleCourse(medplum, episode, { cause, now: now(event), mayWithdraw: mayWithdraw(event) });
  }
}
