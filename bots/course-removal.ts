import type { BotEvent, MedplumClient } from '@medplum/core';
import type { EpisodeOfCare } from '@medplum/fhirtypes';
import { isCancelled } from '../src/registry/course-state.ts';
import { unversioned } from '../src/registry/unversioned.ts';
import { lastVersions } from './course/last-versions.ts';
import { criteria } from './course/read-course.ts';
import { refuse } from './course/refuse.ts';
import { hasLockedForm, readRecord, removeRecord } from './course/remove-course.ts';
import { isBound, role } from './course/role.ts';

/**
 * A course is taken away, deleted or marked as cancelled or entered in error, only while none of its forms is locked, those
 * of the patient included, and not by local users (SmerteReg manual 1.8, "Arbeidsliste"). A form that was closed unanswered
 * is locked too. What was derived of a course that is deleted, and its forms, go in the same commit. A course stays its
 * patient's: one that was registered for another is taken away.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const episode = event.input as EpisodeOfCare;
  const isDeleted = !(await isThere(medplum, episode));
  if (!isDeleted && !isBound(event)) return;
  if (!isDeleted) {
    const [, before] = await lastVersions(medplum, episode);
    refuseOtherPatient(before, episode);
    if (!isCancelled(episode) || (before !== undefined && isCancelled(before))) return;
    if (role(event) === 'lu') refuse('Only the local coordinator takes a course away.', 'EpisodeOfCare.status');
  }
  const record = await readRecord(medplum, episode);
  if (hasLockedForm(record)) {
    if (!isBound(event)) return;
    refuse('A form of this course is locked, so the course can no longer be deleted.', 'EpisodeOfCare');
  }
  if (isDeleted) await removeRecord(medplum, episode, record);
}

function refuseOtherPatient(before: EpisodeOfCare | undefined, after: EpisodeOfCare): void {
  const [was, is] = [before, after].map((course) => unversioned(course?.patient?.reference ?? ''));
  if (before !== undefined && was !== is) {
    refuse(
      'A course stays that of its patient. One that was registered for another is taken away.',
      'EpisodeOfCare.patient',
    );
  }
}

async function isThere(medplum: MedplumClient, { id = '' }: EpisodeOfCare): Promise<boolean> {
  const found: EpisodeOfCare[] = await medplum.searchResources('EpisodeOfCare', criteria(['_id', id]));
  return found.length > 0;
}
