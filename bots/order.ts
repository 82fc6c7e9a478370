import type { BotEvent, MedplumClient } from '@medplum/core';
import type { EpisodeOfCare, QuestionnaireResponse, ResearchSubject, Resource } from '@medplum/fhirtypes';
import { type Course, latestAnswer, liveFacts } from '../src/registry/course.ts';
import { newOrder, orderIdentifier, stoppedByLeaving } from '../src/registry/order.ts';
import { bare, type Protocol } from '../src/registry/protocol.ts';
import { dueOrders, type PlannedOrder } from '../src/registry/schedule.ts';
import { evaluate } from './course/evaluate.ts';
import { now } from './course/now.ts';
import { coursesOf, readCourse } from './course/read-course.ts';
import { type Registry, registriesOf } from './course/read-registries.ts';
import { createOnce, identifierQuery } from './course/save.ts';
import { openMembership } from './course/settle-membership.ts';

/**
 * Orders the forms whose anchor has happened: when a course is taken into a registry, and when a form that anchors
 * others is locked. Without an open membership nothing is ordered, nor from what a historic load brought. A form that is
 * answered already, on paper say, is not asked again; one that was stopped because the course left is, once it is back.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const cause = event.input as Resource;
  for (const episode of await coursesOf(medplum, cause)) {
    for (const registry of await registriesOf(medplum, episode)) {
      await orderIn(medplum, registry, episode, now(event));
    }
  }
}

async function orderIn(medplum: MedplumClient, registry: Registry, episode: EpisodeOfCare, at: Date): Promise<void> {
  const membership = await openMembership(medplum, registry, episode);
  const course = membership === undefined ? undefined : await readCourse(medplum, episode);
  if (membership === undefined || course === undefined) return;
  const { protocol } = registry;
  for (const planned of dueOrders(protocol, liveFacts(protocol, course, { membership }), at, evaluate)) {
    if (!isLocked(latestAnswer(course.responses, bare(planned.form.questionnaire)))) {
      await orderOnce(medplum, protocol, planned, course, membership, at);
    }
  }
}

/** Orders a form unless it was ordered already and has not been stopped by the course's leaving. */
async function orderOnce(
  medplum: MedplumClient,
  protocol: Protocol,
  planned: PlannedOrder,
  course: Course,
  membership: ResearchSubject,
  at: Date,
): Promise<void> {
  for (let occurrence = 1; ; occurrence += 1) {
    const identifier = orderIdentifier(course.episode, planned.form, occurrence);
    const known = await medplum.searchOne('Task', identifierQuery(identifier));
    if (known === undefined) {
      await createOnce(medplum, newOrder(protocol, planned, course, identifier, at), identifier);
      return;
    }
    if (!stoppedByLeaving(known, protocol, membership)) return;
  }
}

function isLocked(response: QuestionnaireResponse | undefined): boolean {
  return response?.status === 'completed' || response?.status === 'amended';
}
