import type { BotEvent, MedplumClient } from '@medplum/core';
import type { EpisodeOfCare, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { orderStatus } from '../src/registry/order.ts';
import { criteria } from './course/read-course.ts';
import { refuse } from './course/refuse.ts';
import { isBound } from './course/role.ts';

/**
 * A course is taken away, deleted or marked as entered in error, only while none of its forms is locked, those of the
 * patient included (SmerteReg manual 1.8, "Arbeidsliste"). A form that was closed unanswered is locked too.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const episode = event.input as EpisodeOfCare;
  if (!isBound(event) || !(await isTakenAway(medplum, episode))) return;
  const course = `EpisodeOfCare/${episode.id}`;
  const patient = episode.patient?.reference ?? '';
  const tasks: Task[] = await medplum.searchResources('Task', criteria(['patient', patient]));
  const own = tasks.filter(({ focus }) => focus?.reference === course);
  const locked: QuestionnaireResponse[] = [];
  for (const { reference } of episode.referralRequest ?? []) {
    if (reference === undefined) continue;
    locked.push(
      ...(await medplum.searchResources(
        'QuestionnaireResponse',
        criteria(['based-on', reference], ['status', 'completed,amended']),
      )),
    );
  }
  if (locked.length > 0 || own.some((task) => orderStatus(task) === 'expired')) {
    refuse('A form of this course is locked, so the course can no longer be deleted.', 'EpisodeOfCare');
  }
}

/** Whether nothing is there any more, or what is there says that it was a mistake. */
async function isTakenAway(medplum: MedplumClient, { id, status }: EpisodeOfCare): Promise<boolean> {
  if (status === 'entered-in-error') return true;
  const found: EpisodeOfCare[] = await medplum.searchResources('EpisodeOfCare', criteria(['_id', id ?? '']));
  return found.length === 0;
}
