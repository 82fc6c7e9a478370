import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Resource } from '@medplum/fhirtypes';
import { now } from './course/now.ts';
import { coursesConcerned } from './course/read-course.ts';
import { mayWithdraw } from './course/role.ts';
import { settleMembership } from './course/settle-membership.ts';

/**
 * Enforces, in the commit of the write that causes it, that every course stands in the registry where it belongs: the
 * consent derived from the forms, one open membership, no open orders of a registry that it left.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const cause = event.input as Resource;
  for (const episode of await coursesConcerned(medplum, cause)) {
    await settleMembership(medplum, episode, { cause, now: now(event), mayWithdraw: mayWithdraw(event) });
  }
}
