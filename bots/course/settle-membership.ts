import type { MedplumClient } from '@medplum/core';
import type { Consent, EpisodeOfCare, PlanDefinition, ResearchSubject, Resource, Task } from '@medplum/fhirtypes';
import {
  type ConsentState,
  consentIdentifier,
  consentState,
  consentsFor,
  derivedConsent,
} from '../../src/registry/consent.ts';
import { type Course, courseFacts, latestAnswer } from '../../src/registry/course.ts';
import { firstText, truth } from '../../src/registry/evaluate.ts';
import { inheritedMeta, isHistoric } from '../../src/registry/historic.ts';
import {
  basisAt,
  closed,
  courseOf,
  type Decision,
  decideMembership,
  generalReason,
  membershipChange,
} from '../../src/registry/membership.ts';
import { codeSystem } from '../../src/registry/names.ts';
import { openTaskStatuses, stoppedOrder, stopReason } from '../../src/registry/order.ts';
import type { Protocol } from '../../src/registry/protocol.ts';
import { evaluate } from './evaluate.ts';
import { criteria, readCourse, readMaybe } from './read-course.ts';
import { protocolOf, type Registry, registriesOf } from './read-registries.ts';
import { refuse } from './refuse.ts';
import { save } from './save.ts';

/** Why memberships are settled. */
export interface Occasion {
  /** The resource whose write is the occasion. */
  readonly cause: Resource;
  readonly now: Date;
  /** Whether who writes may withdraw a consent. */
  readonly mayWithdraw: boolean;
}

/**
 * Makes the stored memberships of a course say what its facts say: derives the consent from the forms, decides where the
 * course belongs, closes and opens memberships, and stops the orders of a registry that the course left. Done again it
 * changes nothing.
 */
export async function settleMembership(
  medplum: MedplumClient,
  episode: EpisodeOfCare,
  occasion: Occasion,
): Promise<void> {
  const { now } = occasion;
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
  await leave(medplum, course, elsewhere, registries, now);
}

async function openMemberships(medplum: MedplumClient, { episode, patient }: Course): Promise<ResearchSubject[]> {
  const subjects = await medplum.searchResources('ResearchSubject', criteria(['patient', `Patient/${patient.id}`]));
  return subjects.filter(
    (subject) => courseOf(subject) === `EpisodeOfCare/${episode.id}` && subject.period?.end === undefined,
  );
}

function studiesOf({ local, national }: Registry): string[] {
  return [local, ...(national === undefined ? [] : [national])].map(({ id }) => `ResearchStudy/${id}`);
}

/** Ends what a course is in at a hospital that it has left. A registry that is closed keeps what it has. */
async function leave(
  medplum: MedplumClient,
  { episode, patient }: Course,
  memberships: readonly ResearchSubject[],
  registries: readonly Registry[],
  now: Date,
): Promise<void> {
  for (const subject of memberships) {
    const study = await medplum.readReference(subject.study);
    const plan = await readMaybe<PlanDefinition>(medplum, study.protocol?.[0]);
    if (study.status !== 'active' || plan === undefined) continue;
    await save(medplum, closed(subject, undefined, generalReason('moved'), now.toISOString()));
    const protocol = protocolOf(plan);
    if (subject.status === 'on-study' && registries.every((registry) => registry.protocol.url !== protocol.url)) {
      await stopOrders(medplum, protocol, episode, `Patient/${patient.id}`, undefined, now);
    }
  }
}

async function settleIn(
  medplum: MedplumClient,
  registry: Registry,
  course: Course,
  open: readonly ResearchSubject[],
  occasion: Occasion,
): Promise<void> {
  const { cause, now, mayWithdraw } = occasion;
  const { local, national } = registry;
  const { episode } = course;
  const patient = `Patient/${course.patient.id}`;
  const registered = registry.protocol.forms.some((form) => latestAnswer(course.responses, form.questionnaire));
  if (!registered && open.length === 0) return;

  const { state, consent } = await settledConsent(medplum, registry, course, occasion);
  const cancelled = episode.status === 'cancelled' || episode.status === 'entered-in-error';
  const decision = cancelled || !registered ? undefined : decide(registry, course, state, now);
  const wasOnStudy = open.some(({ status }) => status === 'on-study');
  const isTakenAway = cause.resourceType === 'QuestionnaireResponse' && !isStill(cause, course);
  if (wasOnStudy && !mayWithdraw && !isTakenAway && isForWantOfConsent(decision)) {
    refuse('Only the system coordinator can withdraw a consent that was given.', cause.resourceType);
  }
  const at = historicDate(cause) ?? now.toISOString();
  const change = membershipChange({
    template: { individual: { reference: patient }, ...inheritedMeta(cause) },
    episode,
    study: decision?.place === 'national' ? (national ?? local) : local,
    decision,
    ended: generalReason(cancelled ? 'course-cancelled' : 'form-removed'),
    open,
    consentReference: consent === undefined ? undefined : `Consent/${consent.id}`,
    since: at,
    until: at,
  });
  for (const subject of change.close) await save(medplum, subject);
  if (change.put !== undefined) await save(medplum, change.put);
  if (wasOnStudy && decision?.status !== 'on-study') {
    await stopOrders(medplum, registry.protocol, episode, patient, decision, now);
  }
}

/** The consent of a course after the forms have been heard. Only a form's own write is heard, no other change. */
async function settledConsent(
  medplum: MedplumClient,
  registry: Registry,
  course: Course,
  { cause, mayWithdraw }: Occasion,
): Promise<{ state: ConsentState; consent?: Consent }> {
  const { protocol } = registry;
  const rule = protocol.consent;
  const stored = await medplum.searchResources('Consent', criteria(['patient', `Patient/${course.patient.id}`]));
  const lost = lostStatus(cause, stored);
  if (lost !== undefined && !mayWithdraw) {
    const said =
      lost === 'active' ? 'withdraw a consent that was given' : 'take away that consent was withdrawn or refused';
    refuse(`Only the system coordinator can ${said}.`, 'Consent');
  }
  let consents = consentsFor(stored, rule?.policy, course.episode.id ?? '');
  if (cause.resourceType === 'QuestionnaireResponse' && rule !== undefined) {
    const { system, value } = consentIdentifier(rule, course.episode);
    const existing = stored.find((consent) =>
      consent.identifier?.some((identifier) => identifier.system === system && identifier.value === value),
    );
    const derived = derivedConsent(protocol, course, cause, existing, evaluate);
    if (derived !== undefined) {
      if (existing?.status === 'active' && derived.status !== 'active' && isStill(cause, course) && !mayWithdraw) {
        refuse('Only the system coordinator can withdraw a consent that was given.', 'QuestionnaireResponse');
      }
      const saved = await save(medplum, derived);
      consents = consentsFor(
        [...consents.filter(({ id }) => id !== saved.id), saved],
        rule.policy,
        course.episode.id ?? '',
      );
    }
  }
  return consentState(consents);
}

/**
 * What a consent said that has been deleted, if it said yes or no. A no that is gone would be a yes again with the next
 * writing of the form.
 */
function lostStatus(cause: Resource, consents: readonly Consent[]): Consent['status'] | undefined {
  if (cause.resourceType !== 'Consent' || consents.some(({ id }) => id === cause.id)) return undefined;
  return ['active', 'inactive', 'rejected'].includes(cause.status) ? cause.status : undefined;
}

/** Whether a course is not in the national registry because consent is not there, or no longer. */
function isForWantOfConsent(decision: Decision | undefined): boolean {
  const { system, code = '' } = decision?.reason ?? {};
  return (
    system === codeSystem.membershipReason && ['consent-withdrawn', 'consent-refused', 'consent-awaited'].includes(code)
  );
}

/** A form that was deleted, with what it said, withdraws nothing. */
function isStill({ id }: Resource, { responses }: Course): boolean {
  return responses.some((response) => response.id === id);
}

function decide(registry: Registry, course: Course, consent: ConsentState, now: Date): Decision {
  const { protocol, national, local } = registry;
  const facts = courseFacts(protocol, course);
  const startAnchor = protocol.anchors.get('start');
  const start =
    (startAnchor === undefined ? undefined : firstText(evaluate(startAnchor, facts))) ??
    course.episode.period?.start ??
    now.toISOString();
  const outcomes = protocol.criteria.map(({ reason, expression }) => ({
    reason,
    met: truth(evaluate(expression, facts)),
  }));
  return decideMembership(outcomes, basisAt(national ?? local, start.slice(0, 10)), consent);
}

async function stopOrders(
  medplum: MedplumClient,
  protocol: Protocol,
  episode: EpisodeOfCare,
  patient: string,
  decision: Decision | undefined,
  now: Date,
): Promise<void> {
  const tasks = await medplum.searchResources(
    'Task',
    criteria(['patient', patient], ['status', openTaskStatuses.join(',')]),
  );
  const reason = stopReason(protocol, decision?.reason?.code, evaluate);
  for (const task of tasks.filter((candidate) => isOrderOf(candidate, protocol.url, episode))) {
    await save(medplum, stoppedOrder(task, reason, now));
  }
}

function isOrderOf(task: Task, protocolUrl: string, episode: EpisodeOfCare): boolean {
  return (
    task.focus?.reference === `EpisodeOfCare/${episode.id}` &&
    task.instantiatesUri?.startsWith(`${protocolUrl}#`) === true
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
