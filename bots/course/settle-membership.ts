import type { MedplumClient } from '@medplum/core';
import type { Coding, EpisodeOfCare, ResearchSubject, Resource } from '@medplum/fhirtypes';
import type { Course } from '../../src/registry/course.ts';
import { type CourseState, isCancelled, type Registry } from '../../src/registry/course-state.ts';
import { inheritedMeta, isHistoric } from '../../src/registry/historic.ts';
import { closed, courseOf, type Decision, generalReason, membershipChange } from '../../src/registry/membership.ts';
import { codeSystem } from '../../src/registry/names.ts';
import type { Occasion } from './occasion.ts';
import { criteria } from './read-course.ts';
import { refuse } from './refuse.ts';
import { save } from './save.ts';
import { isTakenAway } from './settle-consent.ts';

/** The memberships of a course that have not ended, whatever the registry. */
export async function openMemberships(
  medplum: MedplumClient,
  { episode, patient }: Pick<Course, 'episode' | 'patient'>,
): Promise<ResearchSubject[]> {
  const subjects = await medplum.searchResources('ResearchSubject', criteria(['patient', `Patient/${patient.id}`]));
  return subjects.filter(
    (subject) => courseOf(subject) === `EpisodeOfCare/${episode.id}` && subject.period?.end === undefined,
  );
}

/**
 * Makes the memberships of a course in a registry say what was decided: closes and opens them.
 * @returns the one that is open then
 */
export async function settleMembership(
  medplum: MedplumClient,
  { registry, course, consentResource, decision, before }: Omit<CourseState, 'membership'>,
  { cause, now, mayWithdraw }: Occasion,
): Promise<ResearchSubject | undefined> {
  const wasOnStudy = before.some(({ status }) => status === 'on-study');
  if (wasOnStudy && !mayWithdraw && !isTakenAway(cause, course) && isForWantOfConsent(decision)) {
    refuse('Only the system coordinator can withdraw a consent that was given.', cause.resourceType);
  }
  const { local, national } = registry;
  const at = historicDate(cause) ?? now.toISOString();
  const study = decision?.place === 'national' ? (national ?? local) : local;
  const { close, put } = membershipChange({
    template: { individual: { reference: `Patient/${course.patient.id}` }, ...inheritedMeta(cause) },
    episode: course.episode,
    study,
    decision,
    ended: generalReason(isCancelled(course.episode) ? 'course-cancelled' : 'form-removed'),
    open: before,
    consentReference: consentResource === undefined ? undefined : `Consent/${consentResource.id}`,
    since: at,
    until: at,
  });
  for (const subject of close) await save(medplum, subject);
  if (put !== undefined) return save(medplum, put);
  return decision && before.find((subject) => subject.study.reference === `ResearchStudy/${study.id}`);
}

/** Ends a membership at a hospital that the course has left. */
export async function leaveMembership(
  medplum: MedplumClient,
  subject: ResearchSubject,
  reason: Coding,
  { now }: Occasion,
): Promise<void> {
  await save(medplum, closed(subject, undefined, reason, now.toISOString()));
}

/** Whether a course is not in the national registry because consent is not there, or no longer. */
function isForWantOfConsent(decision: Decision | undefined): boolean {
  const { system, code = '' } = decision?.reason ?? {};
  return (
    system === codeSystem.membershipReason && ['consent-withdrawn', 'consent-refused', 'consent-awaited'].includes(code)
  );
}

/** When what a historic load brings was true: memberships keep that date. */
function historicDate(cause: Resource): string | undefined {
  if (!isHistoric(cause)) return undefined;
  if (cause.resourceType === 'QuestionnaireResponse') return cause.authored;
  return cause.resourceType === 'Consent' ? cause.dateTime : undefined;
}

/** The membership by which a registry may ask the patient: open, and on study. */
export async function openMembership(
  medplum: MedplumClient,
  registry: Registry,
  episode: EpisodeOfCare,
): Promise<ResearchSubject | undefined> {
  const studies = [registry.local.id, registry.national?.id].map((id) => `ResearchStudy/${id}`);
  const subjects = await medplum.searchResources(
    'ResearchSubject',
    criteria(['patient', episode.patient?.reference ?? ''], ['status', 'on-study']),
  );
  return subjects.find(
    (subject) =>
      courseOf(subject) === `EpisodeOfCare/${episode.id}` &&
      studies.includes(subject.study.reference ?? '') &&
      subject.period?.end === undefined,
  );
}
