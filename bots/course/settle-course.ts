import type { MedplumClient } from '@medplum/core';
import type { EpisodeOfCare, PlanDefinition, ResearchSubject } from '@medplum/fhirtypes';
import type { Course } from '../../src/registry/course.ts';
import { type CourseState, decide, type Registry, readState } from '../../src/registry/course-state.ts';
import { generalReason } from '../../src/registry/membership.ts';
import { evaluate } from './evaluate.ts';
import type { Occasion } from './occasion.ts';
import { readCourse, readMaybe } from './read-course.ts';
import { protocolOf, registriesOf } from './read-registries.ts';
import { settleConsent } from './settle-consent.ts';
import { leaveMembership, openMemberships, settleMembership } from './settle-membership.ts';
import { settlePatientForms } from './settle-patient-forms.ts';

/**
 * Makes what is stored of a course say what its facts say, in every registry of its hospital: (1) the consent, (2) the
 * membership, (3) the orders of the patient's forms. Everything is derived from all facts again, not followed step by
 * step; done again it changes nothing.
 */
export async function settleCourse(medplum: MedplumClient, episode: EpisodeOfCare, occasion: Occasion): Promise<void> {
  const course = await readCourse(medplum, episode);
  if (course === undefined) return;
  const memberships = await openMemberships(medplum, course);
  const registries = await registriesOf(medplum, episode);
  for (const registry of registries) {
    const studies = studiesOf(registry);
    const own = memberships.filter(({ study }) => studies.includes(study.reference ?? ''));
    await settleIn(medplum, registry, course, own, occasion);
  }
  const here = registries.flatMap(studiesOf);
  const elsewhere = memberships.filter(({ study }) => !here.includes(study.reference ?? ''));
  await leave(medplum, course, elsewhere, registries, occasion);
}

async function settleIn(
  medplum: MedplumClient,
  registry: Registry,
  course: Course,
  before: readonly ResearchSubject[],
  occasion: Occasion,
): Promise<void> {
  const reading = readState(registry, course, occasion.now, evaluate);
  if (!reading.registered && before.length === 0) return;
  const { state: consent, consent: consentResource } = await settleConsent(medplum, reading, occasion);
  const decision = decide(reading, consent);
  const decided = { ...reading, consent, consentResource, decision, before };
  const membership = await settleMembership(medplum, decided, occasion);
  const state: CourseState = { ...decided, membership };
  await settlePatientForms(medplum, state, occasion);
}

/** Ends what a course is in at a hospital that it has left. A registry that is closed keeps what it has. */
async function leave(
  medplum: MedplumClient,
  course: Course,
  memberships: readonly ResearchSubject[],
  registries: readonly Registry[],
  occasion: Occasion,
): Promise<void> {
  for (const subject of memberships) {
    const study = await medplum.readReference(subject.study);
    const plan = await readMaybe<PlanDefinition>(medplum, study.protocol?.[0]);
    if (study.status !== 'active' || plan === undefined) continue;
    await leaveMembership(medplum, subject, generalReason('moved'), occasion);
    const protocol = protocolOf(plan);
    if (registries.every((registry) => registry.protocol.url !== protocol.url)) {
      const registry = { local: study, national: undefined, protocol };
      const reading = readState(registry, course, occasion.now, evaluate);
      const nowhere = { decision: undefined, membership: undefined, before: [subject] };
      await settlePatientForms(
        medplum,
        { ...reading, consent: 'none', consentResource: undefined, ...nowhere },
        occasion,
      );
    }
  }
}

function studiesOf({ local, national }: Registry): string[] {
  return [local, ...(national === undefined ? [] : [national])].map(({ id }) => `ResearchStudy/${id}`);
}
