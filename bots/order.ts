import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Resource } from '@medplum/fhirtypes';
import { now } from '../src/registry/event-time.ts';
import { isProduction } from './course/order-refusal.ts';
import { coursesOf } from './course/read-course.ts';
import { settleCourse } from './course/settle-course.ts';

/**
 * Settles a course again after what is no write of the course and may let its forms be ordered: a restriction that is
 * lifted, the wording of a form that has been loaded. All else the membership bot does in the commit.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const cause = event.input as Resource;
  for (const episode of await coursesOf(medplum, cause)) {
    const occasion = {
      ...{ cause, previous: undefined, now: now(event), production: isProduction(event) },
      ...{ bound: false, mayWithdraw: true, isPatient: false },
    };
    await settleCourse(medplum, episode, occasion);
  }
}
