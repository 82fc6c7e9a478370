import type { MedplumClient } from '@medplum/core';
import type { Consent, EpisodeOfCare, PlanDefinition, ResearchSubject } from '@medplum/fhirtypes';
import type { Course } from '../../src/registry/course.ts';
import {
  type CourseReading,
  type CourseState,
  decide,
  type Registry,
  readState,
  type StoredOfCourse,
} from '../../src/registry/course-state.ts';
import { generalReason } from '../../src/registry/membership.ts';
import { evaluate } from './evaluate.ts';
import type { Occasion } from './occasion.ts';
import { criteria, readCourse, readMaybe } from './read-course.ts';
import { protocolOf, registriesOf } from './read-registries.ts';
import { refuseClosedForm } from './refuse-closed-form.ts';
import { settleConsent } from './settle-consent.ts';
import { leaveMembership, openMemberships, settleMembership } from './settle-membership.ts';
import { settlePatientForms } from './settle-patient-forms.ts';
import { settleRegistration } from './settle-registration.ts';

/**
 * Makes what is stored of a course say what its facts say, in every registry of its hospital: (1) the consent, (2) the
 * membership, (3) the orders of the patient's forms, (4) its registration. Everything is derived from all facts again, not followed step by
 * step; done again it changes nothing.
 * @returns a withdrawal of consent that happens with this write: the patient's other courses are to be settled too
 */
export async function settleCourse(
  medplum: MedplumClient,
  episode: EpisodeOfCare,
  occasion: Occasion,
): Promise<Consent | undefined> {
  const course = await readCourse(medplum, episode);
  if (course === undefined) return undefined;
  const memberships = await openMemberships(medplum, course);
  const registries = await registriesOf(medplum, episode);
  if (registries.length === 0 && memberships.length === 0) return undefined;
  const readings = registries.map((registry) => readState(registry, course, occasion.now, evaluate));
  refuseClosedForm(readings, occasion);
  const stored = await readStored(medplum, course);
  let withdrawal: Consent | undefined;
  for (const reading of readings) {
    const studies = studiesOf(reading.registry);
    const before = memberships.filter(({ study }) => studies.includes(study.reference ?? ''));
    if (!reading.registered && before.length === 0) continue;
    withdrawal = (await settleIn(medplum, reading, before, stored, occasion)) ?? withdrawal;
  }
  const here = registries.flatMap(studiesOf);
  const elsewhere = memberships.filter(({ study }) => !here.includes(study.reference ?? ''));
  await leave(medplum, course, elsewhere, registries, stored, occasion);
  return withdrawal;
}

async function settleIn(
  medplum: MedplumClient,
  reading: CourseReading,
  before: readonly ResearchSubject[],
  stored: StoredOfCourse,
  occasion: Occasion,
): Promise<Consent | undefined> {
  const {
    state: consent,
    consent: consentResource,
    shown: consentShown,
    withdrawal,
  } = await settleConsent(medplum, reading, stored.consents, occasion);
  const decision = decide(reading, consent);
  const decided = { ...reading, consent, consentResource, consentShown, decision, before, stored };
  const membership = await settleMembership(medplum, decided, occasion);
  const state: CourseState = { ...decided, membership };
  await settlePatientForms(medplum, state, occasion);
  await settleRegistration(medplum, state, occasion);
  return withdrawal;
}

async function readStored(medplum: MedplumClient, { episode, patient }: Course): Promise<StoredOfCourse> {
  const course = `EpisodeOfCare/${episode.id}`;
  return {
    consents: await medplum.searchResources('Consent', criteria(['patient', `Patient/${patient.id}`])),
    tasks: await medplum.searchResources('Task', criteria(['focus', course])),
    encounters: await medplum.searchResources('Encounter', criteria(['episode-of-care', course])),
  };
}

/** Ends what a course is in at a hospital that it has left. A registry that is closed keeps what it has. */
async function leave(
  medplum: MedplumClient,
  course: Course,
  memberships: readonly ResearchSubject[],
  registries: readonly Registry[],
  stored: StoredOfCourse,
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
      const unheard = { consent: 'none', consentResource: undefined, consentShown: undefined } as const;
      const state = { ...reading, ...unheard, ...nowhere, stored };
      await settlePatientForms(medplum, state, occasion);
      await settleRegistration(medplum, state, occasion);
    }
  }
}

function studiesOf({ local, national }: Registry): string[] {
  return [local, ...(national === undefined ? [] : [national])].map(({ id }) => `ResearchStudy/${id}`);
}
