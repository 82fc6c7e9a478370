import type { BotEvent, MedplumClient } from '@medplum/core';
import type { EpisodeOfCare } from '@medplum/fhirtypes';
import { criteria } from './course/read-course.ts';
import { refuse } from './course/refuse.ts';
import { hasLockedForm, readRecord, removeRecord } from './course/remove-course.ts';
import { isBound } from './course/role.ts';

/**
 * A course is taken away, deleted or marked as entered in error, only while none of its forms is locked, those of the
 * patient included (SmerteReg manual 1.8, "Arbeidsliste"). A form that was closed unanswered is locked too. What was derived
 * of a course that is deleted, and its forms, go in the same commit.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const episode = event.input as EpisodeOfCare;
  const isDeleted = !(await isThere(medplum, episode));
  if (!isDeleted && (episode.status !== 'entered-in-error' || !isBound(event))) return;
  const record = await readRecord(medplum, episode);
  if (hasLockedForm(record)) {
    if (!isBound(event)) return;
    refuse('A form of this course is locked, so the course can no longer be deleted.', 'EpisodeOfCare');
  }
  if (isDeleted) await removeRecord(medplum, episode, record);
}

async function isThere(medplum: MedplumClient, { id = '' }: EpisodeOfCare): Promise<boolean> {
  const found: EpisodeOfCare[] = await medplum.searchResources('EpisodeOfCare', criteria(['_id', id]));
  return found.length > 0;
}
