import type { MedplumClient } from '@medplum/core';
import type {
  Communication,
  Consent,
  Encounter,
  EpisodeOfCare,
  Observation,
  QuestionnaireResponse,
  ResearchSubject,
  Resource,
  Task,
} from '@medplum/fhirtypes';
import { isLocked, isLockedOrder } from '../../src/registry/locked-form.ts';
import { courseOf } from '../../src/registry/membership.ts';
import { unversioned } from '../../src/registry/unversioned.ts';
import { coursesInConsent, criteria } from './read-course.ts';

/** What is stored of a course: what was derived of it, its forms and where the patient lay. */
export interface CourseRecord {
  readonly tasks: readonly Task[];
  /** All that is filed under its referrals and about its patient. */
  readonly responses: readonly QuestionnaireResponse[];
}

/** @param episode the course, which may have been deleted already */
export async function readRecord(medplum: MedplumClient, episode: EpisodeOfCare): Promise<CourseRecord> {
  const patient = episode.patient?.reference ?? '';
  const tasks: Task[] = await medplum.searchResources('Task', criteria(['focus', `EpisodeOfCare/${episode.id}`]));
  const responses: QuestionnaireResponse[] = [];
  for (const { reference } of episode.referralRequest ?? []) {
    if (reference !== undefined) {
      responses.push(...(await medplum.searchResources('QuestionnaireResponse', criteria(['based-on', reference]))));
    }
  }
  return {
    tasks,
    responses: responses.filter(({ subject }) => unversioned(subject?.reference ?? patient) === patient),
  };
}

/** Whether one of its forms is locked, answered or not. */
export function hasLockedForm({ tasks, responses }: CourseRecord): boolean {
  return responses.some(isLocked) || tasks.some(isLockedOrder);
}

/**
 * Takes away what a course that was deleted leaves behind: orders with their notices, memberships, its consents, its forms
 * with their scores, and where the patient lay. The referral stays: it did come. Who refers to what comes before it.
 */
export async function removeRecord(
  medplum: MedplumClient,
  episode: EpisodeOfCare,
  record: CourseRecord,
): Promise<void> {
  const course = `EpisodeOfCare/${episode.id}`;
  const ofPatient = criteria(['patient', episode.patient?.reference ?? '']);
  const responses = (await isSharedReferral(medplum, episode)) ? [] : record.responses;
  const gone: Resource[] = [];
  for (const { id } of record.tasks) {
    const notices: Communication[] = await medplum.searchResources(
      'Communication',
      criteria(['based-on', `Task/${id}`]),
    );
    gone.push(...notices);
  }
  gone.push(...record.tasks);
  const subjects: ResearchSubject[] = await medplum.searchResources('ResearchSubject', ofPatient);
  gone.push(...subjects.filter((subject) => courseOf(subject) === course));
  const consents: Consent[] = await medplum.searchResources('Consent', ofPatient);
  gone.push(
    ...consents.filter((consent) => {
      const about = coursesInConsent(consent);
      return about.length > 0 && about.every((reference) => reference === course);
    }),
  );
  for (const { id } of responses) {
    const derived = criteria(['derived-from', `QuestionnaireResponse/${id}`]);
    const scores: Observation[] = await medplum.searchResources('Observation', derived);
    gone.push(...scores);
  }
  gone.push(...responses);
  for (const { resourceType, id = '' } of gone) await medplum.deleteResource(resourceType, id);
  await leaveEncounters(medplum, course);
}

/** A referral that another course names, too: then what is filed under it is that course's. */
async function isSharedReferral(medplum: MedplumClient, { referralRequest = [] }: EpisodeOfCare): Promise<boolean> {
  for (const { reference } of referralRequest) {
    if (reference === undefined) continue;
    const naming: EpisodeOfCare[] = await medplum.searchResources(
      'EpisodeOfCare',
      criteria(['incoming-referral', reference]),
    );
    if (naming.length > 0) return true;
  }
  return false;
}

/** Where the patient lay in this course goes with it; a stay that other courses name, too, no longer names this one. */
async function leaveEncounters(medplum: MedplumClient, course: string): Promise<void> {
  const stays: Encounter[] = await medplum.searchResources('Encounter', criteria(['episode-of-care', course]));
  for (const stay of stays) {
    const others = (stay.episodeOfCare ?? []).filter(({ reference }) => reference !== course);
    if (others.length === 0) await medplum.deleteResource('Encounter', stay.id ?? '');
    else await medplum.updateResource({ ...stay, episodeOfCare: others });
  }
}
